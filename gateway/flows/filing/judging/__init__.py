"""The judgement of one intake, and the questions it is made of."""

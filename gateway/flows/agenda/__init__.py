"""The agenda of a profile: who may look at it, what is written in it, and what it reminds of."""

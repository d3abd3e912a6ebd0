"""Commands on what comes in: understood, understood again, labelled, and packed as XDM."""

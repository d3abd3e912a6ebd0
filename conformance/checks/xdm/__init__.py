"""Volet XDM: archives handed over by HTTP."""

"""Volet acknowledgements: what answers say, and when."""

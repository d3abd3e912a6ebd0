"""Volet identity: what an INS is, and when it is qualified."""

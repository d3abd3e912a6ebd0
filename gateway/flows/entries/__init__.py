"""Verbs of the medical profile: one file each (VAULT section 7)."""

"""Verbs of the patient's secure mail (VAULT section 6)."""

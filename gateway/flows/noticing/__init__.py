"""Notices: those that stand in the space, and by which way each kind leaves it (VAULT 5)."""

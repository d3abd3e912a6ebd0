"""The pages of the agenda (VAULT section 12)."""

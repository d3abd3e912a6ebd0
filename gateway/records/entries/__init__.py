"""What is written into a record besides documents: the entries of the medical profile (VAULT 7)."""

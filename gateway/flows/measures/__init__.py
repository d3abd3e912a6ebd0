"""Measures of one record, on the flows of all entries (VAULT section 8)."""

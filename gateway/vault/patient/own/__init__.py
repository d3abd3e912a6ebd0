"""A patient's own documents: added, changed, thrown away, taken back (VAULT DOC-05 to DOC-08)."""

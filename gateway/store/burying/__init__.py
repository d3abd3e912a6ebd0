"""Erasure of one person: every row that the schema can hold of it, and its keys, in one commit."""

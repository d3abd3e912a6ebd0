"""Volet CDA header: what a document must say before its first section."""

"""Nouns of the catalogue of services and of their launches (VAULT section 13)."""

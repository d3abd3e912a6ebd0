"""Volet HTTP: the door that takes documents as they are."""

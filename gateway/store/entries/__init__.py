"""Entries of the medical profile, sealed under the key of whose record they are."""

"""Exits of the vault: opposition, closing, deletion asked for, and the way back (VAULT ACC-11 to
ACC-18)."""

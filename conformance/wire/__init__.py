"""Sockets of the kit's clients: every one has a deadline."""

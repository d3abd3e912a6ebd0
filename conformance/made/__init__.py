"""Synthetic input: small, pure, the same for the same seed. Nobody in it exists."""

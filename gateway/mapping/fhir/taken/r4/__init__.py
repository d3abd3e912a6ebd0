"""Strict mode: what R4 and the profiles say, held against resources that came in."""

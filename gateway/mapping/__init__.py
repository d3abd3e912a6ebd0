"""Bytes of the standards to records, and back: pure, whatever the bytes."""

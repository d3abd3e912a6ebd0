"""Volet MLLP: frames in and out of one connection."""

"""Coded entries of a CDA of level 3, read where they stand."""

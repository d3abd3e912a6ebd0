"""Signing in: patients by password and code, professionals by Pro Santé Connect."""

"""Signing in by an OpenID provider: professionals, and software on their behalf."""

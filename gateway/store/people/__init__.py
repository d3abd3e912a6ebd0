"""Accounts, choices, sign-ins, and the parties that knock."""

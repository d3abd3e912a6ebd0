"""Volet mail: SMTP sessions, and the mails that carry archives."""

"""Secure mail: SMTP in and out, and a submission as a mail (MSSANTE)."""

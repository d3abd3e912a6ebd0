"""SMTP in: the door for secure mail, one session a connection."""

"""What citizens and professionals write to each other (VAULT section 6)."""

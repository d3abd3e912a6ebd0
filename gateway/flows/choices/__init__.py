"""What a patient chooses of access, and what a professional records of it (VAULT section 4)."""

"""`/messagerie`: what a patient and professionals write to each other (VAULT section 6)."""

"""`/vaccination`: the list, what is to come, the attestation for the school (VAULT section 11)."""

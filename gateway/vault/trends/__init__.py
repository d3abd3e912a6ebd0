"""`/resultats`: results of biology over time (VAULT section 10)."""

"""`/mesures`: measures and growth, of the patient and before a professional (VAULT section 8)."""

"""« Attestation pour l'école »: made and withdrawn by a representative, checked by anybody."""

"""« Synthèse de mon profil médical »: read for a paper, and filed among the documents (PRO-05)."""

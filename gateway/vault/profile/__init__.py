"""`/profil`: the medical profile, rubrique by rubrique (VAULT section 7)."""

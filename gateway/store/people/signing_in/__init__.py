"""Who signs in: sessions, tries, tokens, and the people of the house."""

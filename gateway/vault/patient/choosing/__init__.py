"""Who may see what: the patient's choices of access, a page and its acts (VAULT section 4)."""

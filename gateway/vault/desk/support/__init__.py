"""`/desk/3422`: who answers the calls (PAGES section 8, VAULT section 16)."""

"""`/desk`: operators and the auditor (VAULT section 16, PAGES sections 7 and 8). No document."""

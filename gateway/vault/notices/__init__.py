"""`/notifications` and `/parametres/notifications` (VAULT section 5, PAGES section 4)."""

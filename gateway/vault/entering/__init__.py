"""Pages of who is not signed in yet, and wants into the own space."""

"""Online backup and restore, of either engine."""

"""What waits, what could not be delivered, who sends, and whether the house is well (PAGES 7)."""

"""May this reader open this document, and by which rule: grid and choices (ACCESS)."""

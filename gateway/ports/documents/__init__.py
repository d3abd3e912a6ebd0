"""What flows ask of whoever keeps the documents."""

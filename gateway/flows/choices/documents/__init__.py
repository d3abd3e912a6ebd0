"""What a patient chooses for single documents, and for those to come."""

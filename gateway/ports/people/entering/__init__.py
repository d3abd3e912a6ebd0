"""What flows ask of whoever keeps those who come to an own space."""

"""The end of a space: when it is due, who may bring it about, and the receipt (VAULT ACC-17)."""

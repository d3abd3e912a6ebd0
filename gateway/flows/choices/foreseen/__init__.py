"""What a choice would change, and who stands where: told before or after it, decided elsewhere."""

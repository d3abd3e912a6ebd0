"""What was received and filed, from the envelope to the shelf."""

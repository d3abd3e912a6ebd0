"""Pages that hold nothing of anybody, read without a sign-in."""

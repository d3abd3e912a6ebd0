"""What came in: how it is read, what was understood and noticed, and what is filed of it."""

"""Prevention: what is asked of a person by age, what was said of it, and who is told when."""

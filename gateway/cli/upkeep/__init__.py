"""Commands that keep a house: made, configured, its keys, its copies and its schema."""

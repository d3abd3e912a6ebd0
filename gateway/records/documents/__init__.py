"""What a document is: its metadata, its contents in codes, and what persons said of it."""

"""One document and lists of them, as values and bytes for any face."""

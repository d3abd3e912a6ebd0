"""A link by which somebody outside reads one document: made, listed, ended, opened."""

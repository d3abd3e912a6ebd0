"""« Partager par lien »: the pages of who gives a document, and of who comes with the link."""

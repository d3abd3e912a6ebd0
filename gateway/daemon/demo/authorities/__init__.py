"""The demo's own authorities: they vouch for its professionals and their software."""

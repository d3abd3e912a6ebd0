"""Rooms in which professionals and their software are believed: DMP and Pro Santé Connect."""

"""The demo's world: synthetic people, professionals and senders, and their secrets of one start."""

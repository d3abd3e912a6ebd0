"""Compose: build the rooms, hand them to each other, open them, close them in order."""

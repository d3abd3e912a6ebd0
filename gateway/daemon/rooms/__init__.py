"""Each room of the house, made of the settings and of the rooms below it."""

"""The watched folder: its files, and what becomes of each."""

"""Listeners of the kit: threads, deadlines, bounds."""

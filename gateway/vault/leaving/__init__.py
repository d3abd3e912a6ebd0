"""Pages of who does not want a space, leaves it, or comes back to it."""

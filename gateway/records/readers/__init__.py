"""Who asks, by which door, and what an access decision is made from."""

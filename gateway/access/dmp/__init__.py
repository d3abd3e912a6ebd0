"""What the DMP lets whom do by which card, and in which mode: beside the grid, never instead."""

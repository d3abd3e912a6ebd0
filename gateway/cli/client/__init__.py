"""Commands that stand on the other side of a door: they send, and ask as software of the DMP."""

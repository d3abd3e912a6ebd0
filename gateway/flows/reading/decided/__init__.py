"""One question of one reader: its facts, the decision, its trace, and who is told."""

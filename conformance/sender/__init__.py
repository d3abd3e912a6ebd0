"""The kit the other way round: it listens, judges what a sender sends, and says what to fix."""

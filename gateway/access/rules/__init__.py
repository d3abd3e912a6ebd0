"""The tables of ACCESS sections 3 and 4, a file a subject; `rule` says what a row is."""

"""A zip that is written from any byte on: its layout is reckoned, its files are not at hand."""

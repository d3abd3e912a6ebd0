"""What a person deposits in person, replaces and withdraws: the doors' own flow, by hand."""

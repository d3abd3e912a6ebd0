"""What a run found, for a person, for CI and for a file that is sent on."""

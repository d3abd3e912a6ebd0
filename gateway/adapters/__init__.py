"""The doors by which documents come in, and the calls that go out."""

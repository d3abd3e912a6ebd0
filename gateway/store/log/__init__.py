"""The access log and the signed tree above it."""

"""What documents hold in codes: read for a page, each document decided first."""

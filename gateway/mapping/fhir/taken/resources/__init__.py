"""Resources that come in, each read into records."""

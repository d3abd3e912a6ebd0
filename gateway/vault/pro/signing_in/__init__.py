"""How a professional signs in at `/pro`."""

"""Bundles that come in: their shape, what their entries ask, and what their references name."""

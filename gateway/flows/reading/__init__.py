"""Reading: each request asks, is decided, traced, then answered."""

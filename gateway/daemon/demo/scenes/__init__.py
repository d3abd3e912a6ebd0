"""What the demo's people have done before it begins, a scene a file."""

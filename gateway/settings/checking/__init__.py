"""What is wrong with a gateway.toml, with its line, before anything is opened."""

"""The sections of gateway.toml: one frozen dataclass each, one help text a key."""

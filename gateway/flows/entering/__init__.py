"""The way of a person into the own space: activation, and a login or password that was lost."""

"""The catalogue of services, and the tokens of their launches."""

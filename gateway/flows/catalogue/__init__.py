"""The catalogue of services: how it grows, what a patient agrees to, and what tokens open."""

"""FHIR R4: documents taken in, and resources shown."""

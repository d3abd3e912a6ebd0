"""Measures in FHIR R4: Observation and Device of the French guide, in and out (VAULT MEA-09)."""

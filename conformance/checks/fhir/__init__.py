"""Volet FHIR: documents provided, found and retrieved (IHE MHD, CI-SIS PDSm)."""

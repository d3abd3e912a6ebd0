"""Passerelle: an HL7v2, CDA, FHIR and MSSanté gateway with a patient-facing vault."""

__version__ = "0.1.0"

"""Volet CI-SIS, Transmission de document(s) CDA-R2 en HL7v2."""

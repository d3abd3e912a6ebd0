"""The volet "Transmission de document(s) CDA-R2 en HL7v2", 1.2 to 2.1 (XDM_HL7V2 part A)."""

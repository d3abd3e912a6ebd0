"""The kit's own eyes: HL7v2, CDA, XDM and JSON as they came, whoever sent them."""

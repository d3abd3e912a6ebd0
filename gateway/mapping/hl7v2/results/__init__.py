"""Results as OBX rows, and the document that a message of them is (HL7V2 section 8)."""

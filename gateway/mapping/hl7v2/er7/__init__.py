"""ER7, the text of HL7v2: bytes to segments, separators, escapes, sets, times (HL7V2 3 and 4)."""

"""HL7v2 over MLLP: the door, the client, and one exchange of either."""

"""What a message says of itself and how it is answered: MSH, ACK, batches (HL7V2 section 5)."""

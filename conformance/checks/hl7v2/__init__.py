"""Volet HL7v2: how a message is read."""

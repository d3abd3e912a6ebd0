"""Rooms by which things leave the house: mail and HL7v2."""

"""Patients and visits: PID, MRG, PV1 and the French Z segments (HL7V2 section 6)."""

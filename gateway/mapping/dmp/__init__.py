"""The DMP's own small messages: HL7v3 of patients, habilitations, patientsSpecific (XDS.md 10)."""

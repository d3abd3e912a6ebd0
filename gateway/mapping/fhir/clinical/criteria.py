"""By what contents of documents and of the profile can be searched: R4 parameters, type by type."""

CRITERIA: dict[str, tuple[str, ...]] = {
    "Observation": ("_id", "code", "category", "date", "status"),
    "Condition": ("_id", "code", "category", "onset-date", "clinical-status"),
    "AllergyIntolerance": ("_id", "code", "clinical-status"),
    "FamilyMemberHistory": ("_id", "code"),
    "MedicationStatement": ("_id", "code", "effective", "status"),
    "Immunization": ("_id", "vaccine-code", "date", "status"),
    "Procedure": ("_id", "code", "date", "status"),
    "DeviceUseStatement": ("_id", "device"),
    "Encounter": ("_id", "type", "date", "status"),
    "RelatedPerson": ("_id",),
    "Consent": ("_id", "status"),
}
OF_ENTRIES = ("RelatedPerson", "Consent")
"""What the medical profile has and no document: contacts, the trusted person, wishes (PRO-06)."""
DATES = frozenset({"date", "onset-date", "effective"})
CODES = frozenset({"code", "vaccine-code", "device", "type"})

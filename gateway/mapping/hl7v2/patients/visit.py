"""PV1: how the patient was seen, as far as an archive made of a message says it."""

from gateway.mapping.hl7v2.er7.splitter import split
from gateway.records.intake.reading import DEFAULT_READING

CONTENT_TYPES = {"I": "03", "O": "07", "R": "19", "N": "97", "E": "07"}
"""PV1-2 -> contentTypeCode (JDV_J59), as CDA.md section 5 gives it."""
PATIENT_CLASS = 2


def content_type_of(raw: bytes) -> str | None:
    """The contentTypeCode of PV1-2; None without a PV1 or for a class that is not listed."""
    parted = split(raw, DEFAULT_READING)
    if parted is None:
        return None
    number = next((n for n, line in enumerate(parted.lines) if line[:3] == "PV1"), None)
    fields = parted.fields(number) if number is not None else []
    written = fields[PATIENT_CLASS] if len(fields) > PATIENT_CLASS else ""
    return CONTENT_TYPES.get(written.partition(parted.marks.component)[0].strip())

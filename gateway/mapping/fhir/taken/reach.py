"""How far a finding reaches: the same one holds in `inspect`, refuses at a door or when strict."""

from dataclasses import replace

from gateway.records.intake.finding import Severity, verdict_of
from gateway.records.intake.understanding import Understanding

STRICT_ERRORS = frozenset(
    {"hash-mismatch", "size-mismatch", "ins-key", "date", "mime-differs", "not-pdf"}
)
NEVER_WAITS = frozenset(
    {
        "attachment-not-here",
        "attachment-missing",
        "hash-mismatch",
        "size-mismatch",
        "fhir-document-not-supported",
        "fhir-no-document",
        "fhir-not-filed",
        "not-pdf",
        "status-not-current",
        "unique-id-twice",
    }
)
"""Holds of `inspect` that no later fact can settle: the door refuses them (FHIR.md section 6)."""


def as_strict(understood: Understanding) -> Understanding:
    """False hashes, sizes, dates, types and keys of the INS are errors for a conformance reading.

    An INS of the other profile is held already: its key is not judged on top.
    """
    foreign = {"ins-key"} if any(one.code == "ins-oid" for one in understood.findings) else set()
    raised = STRICT_ERRORS - foreign
    findings = tuple(
        replace(one, severity=Severity.ERROR, holds=False) if one.code in raised else one
        for one in understood.findings
    )
    return replace(understood, findings=findings, verdict=verdict_of(findings))


def for_door(understood: Understanding) -> Understanding:
    """The same understanding as the door judges it: what would wait in vain is an error."""
    findings = tuple(
        replace(one, severity=Severity.ERROR, holds=False) if one.code in NEVER_WAITS else one
        for one in understood.findings
    )
    return replace(understood, findings=findings, verdict=verdict_of(findings))

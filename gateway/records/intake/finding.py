"""What we noticed about an input, and what follows from it (CONTRACT sections 2 and 3)."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Verdict(StrEnum):
    """The fate of an input: filed, kept until somebody acts, or not taken."""

    ACCEPT = "accept"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing noticed: where it stands and what mends it. Never holds a patient trait.

    `where` is a place in the standard's own notation: `PID-3`, an XPath, a file of an archive.
    `condition` is the HL7 error code of ERR-3 (table HL70357), `application` that of ERR-5
    (ANS codes 900 to 906, XDM_HL7V2 section A6); both are None where a door needs neither.
    `fatal` findings end in AR instead of AE on MLLP (HL7V2 section 5), `holds` in verdict hold.
    """

    code: str
    severity: Severity
    where: str
    message: str
    condition: int | None = None
    application: int | None = None
    fatal: bool = False
    holds: bool = False


def doubted(code: str, where: str, message: str) -> Finding:
    """A doubt about whose input this is: held until a person has looked (ERR 207 and 904)."""
    return Finding(
        code=code,
        severity=Severity.WARNING,
        where=where,
        message=message,
        condition=207,
        application=904,
        holds=True,
    )


def verdict_of(findings: "tuple[Finding, ...] | list[Finding]") -> Verdict:
    """Any error refuses; else anything that holds, holds; else the input is accepted."""
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Verdict.REFUSE
    if any(finding.holds for finding in findings):
        return Verdict.HOLD
    return Verdict.ACCEPT

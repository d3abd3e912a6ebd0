"""What a false MSH-18 makes of a name: as declared and told, and for a person to look at.

The second byte of É in UTF-8, and the apostrophe of Windows-1252, are control characters of
8859/15: nobody sent those (HL7V2 section 3).
"""

import re
from collections.abc import Sequence

from gateway.mapping.identity import TEXTS, text_problem
from gateway.records.intake.finding import Finding, doubted
from gateway.records.patients.patient import PatientIdentity

SUSPECT, CHARACTERS = "charset-suspect", "trait-characters"
MISREAD = re.compile("[\u0080-\u009f\u00ad]")
"""What no keyboard writes: control characters of ISO 8859, and its hyphen that is not seen."""


def held_if_misread(
    judged: list[Finding], identity: PatientIdentity, told: Sequence[Finding]
) -> list[Finding]:
    """`judged` of an identity, where `told` of its message doubts the character set: traits that
    are sound but for such characters wait, and are not refused."""
    if all(one.code != SUSPECT for one in told) or _holds_others(identity):
        return judged
    return [
        doubted(one.code, one.where, f"{one.message} Is MSH-18 true?")
        if one.code == CHARACTERS
        else one
        for one in judged
    ]


def _holds_others(identity: PatientIdentity) -> bool:
    written = (getattr(identity, name) or "" for name in TEXTS)
    return any(text_problem(MISREAD.sub("", one)) for one in written)

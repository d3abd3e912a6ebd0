"""Acknowledgements read back: what a receiver says of a message of ours (HL7V2 sections 5 and 9).

Codes only: the words of a peer may name a patient, and are never kept.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from gateway.mapping.hl7v2.control.header import component, header_of
from gateway.mapping.hl7v2.er7.delimiters import Delimiters, delimiters_of
from gateway.mapping.hl7v2.er7.splitter import begin_of

POSITIVE = frozenset(("AA", "CA"))
REJECTED = frozenset(("AR", "CR"))
CODES = POSITIVE | REJECTED | {"AE", "CE"}
STOP = frozenset((100, 101, 102, 103, 198, 199, 200, 201, 202, 203, 204, 205))
"""ERR-3 of a rejection that sending again does not mend: set-up or content."""
MAX_CODE = 20
NEVER = "NE"


class Fate(StrEnum):
    """What becomes of a message that was answered."""

    TAKEN = "taken"
    AGAIN = "again"
    """AR or CR: circumstances; the same bytes may be sent later (XDM_HL7V2 A6)."""
    REFUSED = "refused"
    """Sending the same bytes again would get the same answer."""


class Awaited(StrEnum):
    """Which answers a message asks for by MSH-15 and MSH-16 (table 0155)."""

    ANSWER = "answer"
    ERROR = "error"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One acknowledgement: MSA-1, MSA-2, its own MSH-10, and ERR-3 with ERR-5 of each ERR.

    `raw` is for whoever sits before it; it is never kept.
    """

    code: str
    answered: str
    control_id: str = ""
    errors: tuple[tuple[int | None, str], ...] = ()
    raw: bytes = field(default=b"", repr=False)

    @property
    def fate(self) -> Fate:
        if self.code in POSITIVE:
            return Fate.TAKEN
        stops = any(condition in STOP for condition, _ in self.errors)
        return Fate.AGAIN if self.code in REJECTED and not stops else Fate.REFUSED

    @property
    def words(self) -> str:
        """ "AE 207 904": codes for an operator, none of the peer's own words."""
        parts = [self.code]
        for condition, application in self.errors[:1]:
            parts += [str(condition)] if condition is not None else []
            parts += [application] if application else []
        return " ".join(parts)


def read_reply(raw: bytes) -> Reply | None:
    """The acknowledgement in one frame; None where it has no MSH, no MSA or no code of 0008."""
    header, begin = header_of(raw), begin_of(raw)
    if header is None or begin is None:
        return None
    lines = raw[begin:].replace(b"\n", b"\r").decode("latin-1").split("\r")
    marks = delimiters_of(lines[0])
    if marks is None:
        return None
    rows = [line.split(marks.field) for line in lines if line]
    msa = next((row for row in rows if row[0] == "MSA" and len(row) > 2), None)
    if msa is None or msa[1].strip() not in CODES:
        return None
    errors = tuple(_error(row, marks) for row in rows if row[0] == "ERR")
    return Reply(
        code=msa[1].strip(),
        answered=msa[2].strip(),
        control_id=_plain(header.control_id),
        errors=errors,
        raw=raw,
    )


def _error(row: list[str], marks: Delimiters) -> tuple[int | None, str]:
    """ERR-3 and ERR-5; before 2.5 the code is ERR-1.4."""
    row = [*row, *[""] * 6]
    condition = component(row[3], 1, marks) or component(row[1], 4, marks)
    condition = condition.partition(marks.subcomponent or "&")[0].strip()
    is_number = condition.isascii() and condition.isdigit() and len(condition) <= MAX_CODE
    return int(condition) if is_number else None, _plain(component(row[5], 1, marks))


def _plain(text: str) -> str:
    """A code or an identifier; anything else may be words."""
    text = text.strip()
    good = text.isascii() and all(c.isalnum() or c in "-_.:" for c in text)
    return text[: 2 * MAX_CODE + 24] if good else ""


def awaited_of(raw: bytes) -> tuple[str, Awaited] | None:
    """MSH-10 of a message, as latin-1, and the answer it asks for; None without an MSH-10."""
    header = header_of(raw)
    if header is None or not header.control_id.strip():
        return None
    accept, application = header.accept_ack.strip(), header.application_ack.strip()
    asked = {one for one in (accept, application) if one} or {"AL"}
    if asked == {NEVER}:
        return header.control_id.strip(), Awaited.NOTHING
    if asked <= {NEVER, "ER"}:
        return header.control_id.strip(), Awaited.ERROR
    return header.control_id.strip(), Awaited.ANSWER

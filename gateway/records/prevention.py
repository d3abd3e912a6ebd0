"""What a person's side says of examinations that prevention asks for (VAULT AGE-05, AGE-08)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.records.patients.patient import PatientKey


class Topic(StrEnum):
    """`day` of what is said: of DONE when it was done, of NOT_DONE when its period opened."""

    DONE = "fait"
    NOT_DONE = "pas-fait"
    SILENT = "silence"
    """« Ne plus me le rappeler », for ever."""
    NOT_THIS = "autre"
    """The document does not show what was proposed of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`rule` is an id of the calendar; `holds` false takes back what was said before of the same
    topic, rule, day and document. `by` is who said it, the key in hexadecimal."""

    patient: PatientKey
    topic: Topic
    rule: str
    day: date | None = None
    document: str = ""
    holds: bool = True
    by: str = ""
    said_at: datetime

    @property
    def about(self) -> str:
        """What a later word takes the place of."""
        return f"{self.topic} {self.rule} {self.day or ''} {self.document}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """A person whose turn it is: what opened since `looked_at` was not told yet."""

    patient: PatientKey
    looked_at: datetime

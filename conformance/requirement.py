"""What is required, by whom, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum


class Volet(StrEnum):
    """The groups of a report, in the order in which they are shown."""

    MLLP = "MLLP transport"
    HL7V2 = "HL7v2 messages"
    ACK = "HL7v2 acknowledgements"
    CDA_HL7V2 = "CI-SIS, Transmission de document(s) CDA-R2 en HL7v2"
    IDENTITY = "Identity (INS)"
    CDA = "CI-SIS, Volet structuration minimale (CDA header)"
    XDM = "IHE XDM"
    FHIR = "IHE MHD and CI-SIS PDSm (FHIR)"
    MAIL = "MSSanté mail"
    HTTP = "HTTP"


class Level(StrEnum):
    """RFC 2119 words: what is not done of a `should` is a remark."""

    SHALL = "shall"
    SHOULD = "should"


class Status(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    REMARK = "remark"
    SKIPPED = "skipped"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One thing that a published text asks.

    `id` is the published number where there is one (`ECO.2.4.2`), else ours and never reused.
    `source` is the clause that asks it. `fix` says to the engineer what to do when it is not met.
    """

    id: str
    volet: Volet
    title: str
    source: str
    fix: str
    level: Level = Level.SHALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one requirement. `saw` never holds more of a message than its wrong part."""

    requirement: Requirement
    status: Status
    saw: str = ""
    seconds: float = 0.0


def not_met(requirement: Requirement) -> Status:
    return Status.NOT_MET if requirement.level is Level.SHALL else Status.REMARK

"""A space that waits for its owner: the code that was handed over, and what its owner says of it
page by page (VAULT ACC-03, ACC-06, ACC-08)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.records.patients.patient import PatientKey


class Helper(StrEnum):
    """Who sits beside the person who activates (VAULT ACC-19)."""

    ALONE = "seul"
    GUARDIAN = "tuteur"
    PROFESSIONAL = "professionnel"
    SUPPORT = "3422"
    CPAM = "cpam"
    FRANCE_SERVICES = "france-services"
    COUNSELLOR = "conseiller-numerique"


class Aim(StrEnum):
    """What somebody who is not signed in wants of a space."""

    ACTIVATION = "activation"
    RECOVERY = "recovery"
    OPPOSITION = "opposition"
    CLOSED = "closed"
    """Its owner, who was identified, before a space that is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A provisional code of one person. Of the code there is a salted hash alone; `serial` is that
    of the carte Vitale, digits only; `email` and `mobile` what is known of the person. `parent`: of
    a minor, who reads the code and acts by it, as a patient key in hex (VAULT REP-02)."""

    patient: PatientKey
    salt: bytes
    digest: bytes
    serial: str
    made_at: datetime
    expires_at: datetime
    email: str = ""
    mobile: str = ""
    spent_at: datetime | None = None
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What has been said so far on the pages, kept with the browser's session until the last one.

    `patient` is the record, in hex, "" for a person who is not known. `known` are contacts that
    came with the code and need no proof, `path` that of POL-05, `reached` that the person said
    where to be reached, `to_prove` the channels (`sms`, `email`) whose code is awaited, the first
    one first; `digest` names the provisional code that opened these pages, or that was handed over
    last.
    """

    aim: Aim
    patient: str = ""
    helper: Helper = Helper.ALONE
    digest: str = ""
    path: str = "letter"
    known: tuple[str, ...] = ()
    email: str = ""
    mobile: str = ""
    reached: bool = False
    to_prove: tuple[str, ...] = ()
    login: str = ""
    password_hash: str = ""
    agreed: bool = False
    done: bool = False


class Activated(StrEnum):
    """What came of the last page."""

    DONE = "done"
    TAKEN = "taken"
    """The login has become somebody else's meanwhile."""
    GONE = "gone"
    """The code was used, replaced or ended meanwhile, or the space is not to be activated."""

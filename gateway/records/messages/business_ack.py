"""Business acknowledgements: what became of a message after it was acknowledged (ZAM)."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.records.patients.patient import PatientKey


class AckEvent(StrEnum):
    """The trigger events of ZAM (XDM_HL7V2 A6)."""

    RECEPTION_DMP = "Z01"
    RECEPTION_MSS = "Z02"
    LECTURE_MSS = "Z03"


class ErrorSystem(StrEnum):
    """ERR-5.3: whose code ERR-5.1 is."""

    DMP = "DMPERRORCODE"
    SMTP = "SMTPERRORCODE"
    APPLICATION = "applicationErrorCode"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessAck:
    """One ZAM: `original` is the MSH-10 of the ORU or MDM it answers.

    `recipient` (an address) and `recipient_id` are those of a mail, "" for the DMP's answer;
    `error` is ERR-5 (code, label, system as written), None where `positive`.
    """

    event: str
    original: str
    positive: bool
    recipient: str = ""
    recipient_id: str = ""
    error: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedAck:
    """A ZAM that came back for something we sent: `receipt` is its own, `original` ours."""

    receipt: str
    original: str
    ack: BusinessAck


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOn:
    """What we sent to somebody: the receipt it came with, and that receipt's key (MSH-3, 4, 10)."""

    receipt: str
    key: str | None
    patient: PatientKey | None = None

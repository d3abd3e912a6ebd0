"""What small services of the DMP tell of a record, and of who may open it (XDS.md section 10)."""

from datetime import datetime

from msgspec import Struct

from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.access import EmergencyChoice


class Administrative(Struct, frozen=True, kw_only=True):
    """What a reader who may consult now is told beside the existence of the record.

    `treating`: the reader himself is the declared médecin traitant. `activated`: its owner opened
    the space. `emergency` is what the patient allows in an emergency.
    """

    identity: PatientIdentity
    treating: bool
    activated: bool
    emergency: EmergencyChoice


class Existence(Struct, frozen=True, kw_only=True):
    """TD0.2: `closed` where the record was closed, and does not exist for who asks.

    `told` is None for a reader who may not consult: he hears nothing more.
    """

    exists: bool
    closed: bool = False
    told: Administrative | None = None


class Authorised(Struct, frozen=True, kw_only=True):
    """One line of TD1.6: a professional or (`team`) a structure, authorised or `blocked`.

    `id` is the PS_IdNat or Struct_IdNat, `profession` "G15_10", `last_action` when the reader
    himself last did something with this record, on his own line.
    """

    id: str
    name: str
    profession: str
    since: datetime
    blocked: bool
    team: bool
    treating: bool
    last_action: datetime | None


class ListedPatient(Struct, frozen=True, kw_only=True):
    """One line of TD0.4: a record that the reader may open.

    `last_add` and `last_update` are of the documents that he may see, None without any.
    """

    identity: PatientIdentity
    treating: bool
    last_add: datetime | None
    last_update: datetime | None

"""What an access decision is made from, and what it says (ACCESS sections 1 and 2).

Facts arrive already joined; an identifier that is None or empty equals nothing. Instants are
aware datetimes in UTC; `since` is the `from` of ACCESS, None meaning since ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class ReaderKind(StrEnum):
    PATIENT = "patient"
    REPRESENTATIVE = "representative"
    CAREGIVER = "caregiver"
    PROFESSIONAL = "professional"
    APPLICATION = "application"
    SYSTEM = "system"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    THIRD_PARTY = "third_party"


class AccessAction(StrEnum):
    LIST = "list"
    SEARCH = "search"
    OPEN = "open"
    DEPOSIT = "deposit"
    REPLACE = "replace"
    DELETE = "delete"
    MASK = "mask"
    UNMASK = "unmask"
    ANNOUNCE = "announce"
    MAIL = "mail"
    NOTIFY = "notify"
    EXPORT = "export"
    SYNC = "sync"
    TRACE = "trace"
    MANAGE = "manage"


class Account(StrEnum):
    """`record.account`; `open` is created and never activated."""

    NOT_CREATED = "not_created"
    OPEN = "open"
    ACTIVE = "active"
    OPPOSED = "opposed"
    CLOSED = "closed"
    ARCHIVED = "archived"


class FactStatus(StrEnum):
    """`document.status`."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    DELETED = "deleted"
    HELD = "held"


class Mode(StrEnum):
    NORMAL = "normal"
    BRIS_DE_GLACE = "bris_de_glace"
    SAMU = "samu"


class Origin(StrEnum):
    """Who wants a mail out."""

    SENDER = "sender"
    PATIENT = "patient"
    GATEWAY = "gateway"


class NoticeKind(StrEnum):
    NEW_DOCUMENT = "new_document"
    CHANGED_DOCUMENT = "changed_document"
    ACCESS = "access"
    EMERGENCY_ACCESS = "emergency_access"
    WAITING = "waiting"
    OPENED = "opened"


class Manage(StrEnum):
    CONSENTS = "consents"
    BLOCKS = "blocks"
    ADMINISTRATORS = "administrators"
    SWITCHES = "switches"
    MASKING = "masking"
    CAREGIVERS = "caregivers"
    CONTACT = "contact"
    PASSWORD = "password"  # noqa: S105 — the word of ACCESS section 2, not a secret
    OPENING = "opening"
    OPPOSITION = "opposition"
    CLOSING = "closing"
    DELETION = "deletion"


CODES = frozenset(
    {"N", "R", "V", "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"}
)
"""The confidentiality codes that a decision knows."""

FLAGS = (
    "MASQUE_PS",
    "INVISIBLE_PATIENT",
    "INVISIBLE_REP_LEGAUX",
    "CONNEXION_SECRETE",
    "DESTDMP",
    "DESTMSSANTEPS",
    "DESTMSSANTEPAT",
)
"""The sender's orders that a decision knows (MetaDMPMSS)."""

MAIL_MATRIX: tuple[Mapping[str, bool], ...] = (
    {
        "MASQUE_PS": False,
        "INVISIBLE_PATIENT": False,
        "INVISIBLE_REP_LEGAUX": False,
        "DESTMSSANTEPS": True,
        "DESTMSSANTEPAT": True,
    },
    {
        "MASQUE_PS": False,
        "INVISIBLE_PATIENT": True,
        "INVISIBLE_REP_LEGAUX": False,
        "DESTMSSANTEPS": True,
        "DESTMSSANTEPAT": False,
    },
    {
        "INVISIBLE_PATIENT": False,
        "CONNEXION_SECRETE": False,
        "DESTDMP": False,
        "DESTMSSANTEPS": False,
        "DESTMSSANTEPAT": True,
    },
)
"""The combinations of flags that the national guide foresees for a mail (XDM_HL7V2 A5, ACCESS F62);
a flag not named is free."""

NO_FLAGS: Mapping[str, bool] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asks. `profession` is list_code (`G15_10`). The id of a patient, representative or
    caregiver is the hexadecimal patient key; `bound_to` that of the only record he stands before.
    Names, `door` (pages, fhir) and `address` (network) are shown in traces, never decided on.
    """

    kind: ReaderKind
    id: str | None = None
    name: str = ""
    profession: str | None = None
    specialty: str | None = None
    activity: str | None = None
    function: str | None = None
    role: str | None = None
    organisation: str | None = None
    organisation_name: str | None = None
    team: str | None = None
    door: str = ""
    address: str = ""
    authenticated: bool = True
    centre15: bool = False
    scopes: tuple[str, ...] = ()
    bound_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A dated fact about somebody: in force from `since`, no longer at `until`."""

    id: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareConsent(Entry):
    """`to` is professional or team, `kind` care or occupational."""

    to: str
    kind: str = "care"


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative(Entry):
    """`role` is parent or guardian."""

    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Entry):
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide(Entry):
    """The patient hides one document from `to` professional or profession."""

    to: str


class DocumentFacts(Struct, frozen=True, kw_only=True):
    """`author` holds every identifier under which the author is known."""

    type: str
    class_code: str | None = None
    label: str | None = None
    author: tuple[str, ...] = ()
    organisation: str | None = None
    by_patient: bool = False
    codes: tuple[str, ...] = ("N",)
    deposited: datetime | None = None
    hidden_from: datetime | None = None
    announced: datetime | None = None
    status: FactStatus = FactStatus.CURRENT
    hides: tuple[Hide, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyChoice:
    """`masked` counts only if one of the two others is true (RULES E5)."""

    samu: bool = True
    professionals: bool = True
    masked: bool = False


EMERGENCY_BY_DEFAULT = EmergencyChoice()
BORN_BY_DEFAULT = date(1980, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    account: Account = Account.ACTIVE
    qualified: bool = True
    birth_date: date = BORN_BY_DEFAULT
    feeding_opposed: bool = False
    consents: tuple[CareConsent, ...] = ()
    blocks: tuple[Entry, ...] = ()
    administrators: tuple[Entry, ...] = ()
    caregivers: tuple[Entry, ...] = ()
    representatives: tuple[Representative, ...] = ()
    applications: tuple[Application, ...] = ()
    treating: Entry | None = None
    teams_informed: tuple[str, ...] = ()
    teams_objected: tuple[str, ...] = ()
    known_readers: tuple[str, ...] = ()
    emergency: EmergencyChoice = EMERGENCY_BY_DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    mode: Mode = Mode.NORMAL
    reason: str | None = None
    in_charge: bool = True
    origin: Origin = Origin.SENDER
    flags: Mapping[str, bool] = field(default_factory=lambda: NO_FLAGS)
    notice: NoticeKind | None = None
    actor: str | None = None
    target: str | None = None
    manage: Manage | None = None


NORMAL = Circumstances()


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, the rule that says so (X00, F01…, P01…, D00) and what the patient reads."""

    permitted: bool
    rule: str
    because: str

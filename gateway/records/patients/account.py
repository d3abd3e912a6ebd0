"""The space of a patient and its life (VAULT section 1), and who knocks at the doors."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.records.patients.activation import Draft
from gateway.records.patients.patient import PatientIdentity, PatientKey


class AccountState(StrEnum):
    """VAULT section 1. The record takes deposits in `created` and `active` only."""

    UNKNOWN = "unknown"
    INVITED = "invited"
    OPPOSED = "opposed"
    CREATED = "created"
    ACTIVE = "active"
    CLOSED = "closed"
    ERASING = "erasing"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A line of the patient index: what we hold of one INS.

    `qualified` is true once the INS came with its five traits and status VALI (CONTRACT
    "Qualified identity"). `feeding_opposed` is ZFA-9 `IO`, or the patient's own word. `status` is
    the last PID-32 and `obtained` ZFD-5 with its date ("INSI 2021-12-01"), None where never told.
    `masks_new`: what is filed from now on enters masked (VAULT CHO-08).
    `opposed_at` stays after a change of mind; `closed_at` is that of a closed space, and
    `deletion_asked_at` when its owner asked for all of it to be deleted (see `leaving`).
    """

    key: PatientKey
    state: AccountState
    identity: PatientIdentity
    qualified: bool
    feeding_opposed: bool = False
    status: str | None = None
    obtained: str | None = None
    masks_new: bool = False
    opposed_at: datetime | None = None
    closed_at: datetime | None = None
    deletion_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A patient's own credentials and contacts; `password_hash` is argon2id, `former` are hashes of
    passwords before it, the latest first (VAULT ACC-09)."""

    patient: PatientKey
    login: str
    password_hash: str
    email: str | None = None
    mobile: str | None = None
    former: tuple[str, ...] = ()


class SignedIn(StrEnum):
    """Whose session it is; a guest is on the way into a space."""

    PATIENT = "patient"
    PROFESSIONAL = "professional"
    OPERATOR = "operator"
    GUEST = "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. The cookie's secret is kept as SHA-256 only.

    `subject` is the patient key in hex, or the id of the professional or operator. `proved` is
    false between the password and the code, and between an identity provider's answer and the
    choice of a situation. `situations` are those the provider told of a professional: once proved,
    the chosen one alone.
    """

    id_hash: bytes
    who: SignedIn
    subject: str
    proved: bool
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    situations: "tuple[Professional, ...]" = ()
    profile: str = ""
    """Whose record a patient's session looks at, as its key in hex; "" is the own."""
    draft: Draft | None = None
    """Of a guest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderAccount:
    """A system that deposits: token kept as SHA-256, certificate as SHA-256 fingerprint (hex).

    `answers` is its own MLLP address for business answers, as mllp://HOST:PORT.
    """

    name: str
    organization: str | None = None
    token_hash: bytes | None = None
    certificate: str | None = None
    disabled: bool = False
    results_only: bool = False
    strict: bool = False
    identities: bool = True
    applications: tuple[str, ...] = ()
    reply_to: str | None = None
    answers: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """A professional known to us: `profession` as G15_10, `specialty` as SM26 or None,
    `activity` of TRE_R22 as GENR01, `role` of TRE_R85, or a function of TRE_R21 as FON-29, `mail`
    an MSSanté address. `left`: not in practice any more, as an operator was told."""

    id: str
    name: str
    profession: str
    specialty: str | None = None
    organization: str | None = None
    organization_name: str | None = None
    token_hash: bytes | None = None
    activity: str | None = None
    role: str | None = None
    mail: str | None = None
    left: bool = False


class ChoiceKind(StrEnum):
    """Facts of a record that the access decision reads (ACCESS section 2)."""

    CARE_PROFESSIONAL = "care-professional"
    CARE_TEAM = "care-team"
    OCCUPATIONAL = "occupational"
    BLOCK = "block"
    TREATING = "treating"
    ADMINISTRATOR = "administrator"
    CAREGIVER = "caregiver"
    PARENT = "parent"
    GUARDIAN = "guardian"
    TEAM_INFORMED = "team-informed"
    TEAM_OBJECTED = "team-objected"
    FEEDING_OPPOSED = "feeding-opposed"
    """ZFA-9 IO; the one of this and the next with the latest date is in force."""
    FEEDING_ALLOWED = "feeding-allowed"
    EMERGENCY_SAMU_OFF = "emergency-samu-off"
    EMERGENCY_PROFESSIONALS_OFF = "emergency-professionals-off"
    EMERGENCY_MASKED_ON = "emergency-masked-on"
    EMERGENCY_ENTRY = "emergency-entry"
    """A professional's own, never the patient's: `by` is mode|reason."""
    CAREGIVER_ASKED = "caregiver-asked"
    """An invitation: `until` is the last instant at which it may be accepted."""
    PARENT_ASKED = "parent-asked"
    PARENT_PROPOSED = "parent-proposed"
    GUARDIAN_PROPOSED = "guardian-proposed"
    WITHDRAWAL_PROPOSED = "withdrawal-proposed"
    """By an operator (`by`), on papers: nothing until another one confirms it."""
    APPLICATION = "application"
    KNOWN_READER = "known-reader"
    """Not chosen: the patient was told of this professional's first access (VAULT NOT-07)."""
    NEW_MASKED = "new-masked"
    """« Par défaut, je rends visibles mes nouveaux documents » is off (VAULT CHO-08)."""
    SENDER_REFUSED = "sender-refused"
    """A mailbox whose mail the patient does not take (VAULT MSG-12)."""
    READ_RECEIPTS = "read-receipts"
    """Who asks for a read receipt of a message gets one (VAULT MSG-08)."""
    NOTICE = "notice"
    """By which way notices of the kind `target` leave (VAULT NOT-01): `scopes` holds one `Way`."""
    FIRST_STEP = "first-step"
    """The step `target` after activation is done or skipped (VAULT UIX-06): shown no more."""
    MAJORITY_TOLD = "majority-told"
    """Not chosen: the child and those who represent it were told that it comes of age."""
    MAJORITY = "majority"
    """Not chosen: the space of a child was handed over to the young adult (VAULT REP-10)."""
    DELETION_PROPOSED = "deletion-proposed"
    """By an operator (`by`), on the owner's paper: nothing until another one confirms it."""
    ERASURE_PROPOSED = "erasure-proposed"
    """By an operator (`by`): nothing until another one confirms it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One dated fact; `target` is the id of the professional, team or person ("" for switches).

    `scopes` are those given to an application; of what an operator proposed, what its paper is.
    `giver` is who shared a profile, as a patient key
    in hex ("" for what the caisse or an operator told), `ending` the end that the accepted
    invitation, or what was proposed, will have.
    """

    kind: ChoiceKind
    target: str
    since: datetime
    until: datetime | None = None
    by: str = ""
    scopes: tuple[str, ...] = ()
    giver: str = ""
    ending: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A fact of somebody's record whose target is another patient: `patient` is that record."""

    patient: PatientKey
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrace:
    """One act to be written into the access log, permitted or not (VAULT GEN-06).

    `actor` is an id of ours or of the reader, `actor_name` what the patient reads, `organization`
    the establishment's name, `kind` the reader's kind of ACCESS section 1, `door` and `address`
    where it came from. `details` is a small JSON object that the holder may read (grid, settings,
    reason), `kept` one that only an auditor may: it could betray a hidden document.
    """

    patient: PatientKey
    action: str
    permitted: bool
    rule: str
    kind: str
    actor: str
    actor_name: str
    profession: str | None = None
    organization: str | None = None
    document: str | None = None
    door: str = "http"
    address: str = ""
    emergency: bool = False
    details: bytes = b"{}"
    kept: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A trace as read back."""

    number: int
    at: datetime
    trace: NewTrace

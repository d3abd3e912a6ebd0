"""What the vault's faces are handed by the daemon: flows and ports, nothing they could open."""

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from gateway.clock import Clock, Ids
from gateway.errors import DeniedError
from gateway.flows.agenda.room import Agenda
from gateway.flows.attesting.room import Attesting
from gateway.flows.catalogue.launching import Launching
from gateway.flows.catalogue.referencing import CatalogueDesk
from gateway.flows.catalogue.reporting import ReportDesk
from gateway.flows.catalogue.using import Using
from gateway.flows.corresponding.room import Messages
from gateway.flows.depositing.bin import Bin
from gateway.flows.depositing.by_hand import DepositByHand
from gateway.flows.depositing.by_patient import DepositOwn
from gateway.flows.desk.audit import AuditDesk
from gateway.flows.desk.authority import AuthorityDesk
from gateway.flows.desk.glance import GlanceDesk
from gateway.flows.desk.health import HealthDesk
from gateway.flows.desk.held import HeldDesk
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.desk.messages.opening import OpeningDesk
from gateway.flows.desk.messages.replaying import ReplayDesk
from gateway.flows.desk.messages.segments import SegmentDesk
from gateway.flows.desk.queues.letters import LetterDesk
from gateway.flows.desk.queues.pauses import PauseDesk
from gateway.flows.desk.queues.waiting import QueueDesk
from gateway.flows.desk.senders import SenderDesk
from gateway.flows.entering.entrance import Entrance
from gateway.flows.entries.room import MedicalProfile
from gateway.flows.exporting.room import Exporting
from gateway.flows.family.services import Services
from gateway.flows.leaving.lookup import SupportDesk
from gateway.flows.leaving.paper import PaperDesk
from gateway.flows.leaving.room import Leaving
from gateway.flows.linking.room import Linking
from gateway.flows.log.prove import ProveJournal
from gateway.flows.log.seal import Seal
from gateway.flows.noticing.news import Noticing
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.reading.read import ReadShelf
from gateway.flows.signing_in.desk_signin import DeskSignIn
from gateway.flows.signing_in.oidc.bearer import Bearers
from gateway.flows.signing_in.oidc.pro_signin import ProSignIn
from gateway.flows.signing_in.refusals import Refusals
from gateway.flows.signing_in.signin import SignIn
from gateway.mapping.growth.reference import Reference
from gateway.ports.grids import Grids
from gateway.ports.log import LogBook
from gateway.ports.people.own_tries import OwnTries
from gateway.ports.people.people import PatientNames, People, Ties
from gateway.records.duration import Duration
from gateway.records.help_place import HOURS, TARIFF, HelpPlace
from gateway.records.patients.patient import Profile
from gateway.records.readers.switches import RUBRIQUE_WORDING, Switch
from gateway.vault.document.drawing import Drawer


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    """What VAULT GEN-07 has the pages say; empty outside production."""

    host: str = ""
    country: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLog:
    """The access log as it is proved to whoever asks."""

    prove: ProveJournal
    seal: Seal
    book: LogBook


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLine:
    """How people are helped (VAULT UIX-04): the telephone's hours and price, the places."""

    hours: str = HOURS
    tariff: str = TARIFF
    places: tuple[HelpPlace, ...] = ()


Wind = Callable[[Duration], Awaitable[datetime]]
"""Moves the one clock forward and runs what fell due; raises RefusedError past its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRooms:
    """What `/desk` is handed; `wind` in the demo only."""

    sign_in: DeskSignIn
    held: HeldDesk | None = None
    messages: MessageDesk | None = None
    replays: ReplayDesk | None = None
    segments: SegmentDesk | None = None
    openings: OpeningDesk | None = None
    audit: AuditDesk | None = None
    grids: Grids | None = None
    queues: QueueDesk | None = None
    pauses: PauseDesk | None = None
    glance: GlanceDesk | None = None
    letters: LetterDesk | None = None
    senders: SenderDesk | None = None
    health: HealthDesk | None = None
    support: SupportDesk | None = None
    papers: PaperDesk | None = None
    authorities: AuthorityDesk | None = None
    catalogue: CatalogueDesk | None = None
    reports: ReportDesk | None = None
    wind: Wind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultRooms:
    """`secure_cookies` is false only on plain http on loopback (the demo).

    `base_url` is the address that FHIR links carry; empty takes the address asked. With
    `behind_proxy` the last X-Forwarded-For names the peer: the proxy must set it itself.
    """

    read: ReadShelf
    sign_in: SignIn
    entrance: Entrance
    leaving: Leaving
    people: People
    ties: Ties
    names: PatientNames
    clock: Clock
    ids: Ids
    deposits: DepositByHand
    own: DepositOwn
    bin: Bin
    services: Services
    launching: Launching
    using: Using
    own_tries: OwnTries
    quiet: Quiet
    profile: Profile = Profile.TEST
    secure_cookies: bool = True
    behind_proxy: bool = False
    request_seconds: float = 30.0
    """A form that is not there by then is not waited for."""
    base_url: str = ""
    log: SignedLog | None = None
    exporting: Exporting | None = None
    """Copies that people take along, where something makes them."""
    hosting: Hosting = field(default_factory=Hosting)
    help: HelpLine = field(default_factory=HelpLine)
    messages: Messages | None = None
    """The patient's secure mail."""
    medical: MedicalProfile | None = None
    growth: tuple[Reference, ...] = ()
    """Reference curves that the operator installed (VAULT MEA-07)."""
    attesting: Attesting | None = None
    linking: Linking | None = None
    """Links to documents, where the house allows them (VAULT DOC-12)."""
    wording: Switch[str] = RUBRIQUE_WORDING
    """The words of the rubriques (POL-14)."""
    agenda: Agenda | None = None
    noticing: Noticing | None = None
    """Notices in the space."""
    drawer: Drawer = field(default_factory=Drawer)
    previews: Executor | None = None
    """Threads of their own, where the daemon made some."""
    psc: ProSignIn | None = None
    """Pro Santé Connect, where it is configured."""
    desk: DeskRooms | None = None
    bearers: Bearers | None = None
    """Access tokens of Pro Santé Connect at `/fhir`, where their audience is configured."""
    refusals: Refusals
    certificate_of: Callable[[web.Request], str | None] = lambda _request: None
    """SHA-256 in hexadecimal of the client certificate that the connection proved."""


ROOMS = web.RequestKey("vault_rooms", VaultRooms)


def medical_of(request: web.Request) -> MedicalProfile:
    """Raises DeniedError where this vault keeps no profile."""
    room = request[ROOMS].medical
    if room is None:
        raise DeniedError("there is no medical profile here")
    return room


def attesting_of(request: web.Request) -> Attesting:
    """Raises DeniedError where this vault makes no attestations."""
    room = request[ROOMS].attesting
    if room is None:
        raise DeniedError("there are no attestations here")
    return room


def linking_of(request: web.Request) -> Linking:
    """Raises DeniedError where this house allows no links."""
    room = request[ROOMS].linking
    if room is None:
        raise DeniedError("there are no links here")
    return room


def exporting_of(request: web.Request) -> Exporting:
    """Raises DeniedError where this vault makes no copies."""
    room = request[ROOMS].exporting
    if room is None:
        raise DeniedError("there are no copies here")
    return room

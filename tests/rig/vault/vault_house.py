"""An in-memory house for the vault's tests: twins of the ports, invented people and documents."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Unpack

from activation_twins import MemoryActivations, entrance_of
from agenda_twins import MemoryAgendas
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from attestation_twin import MemoryAttestations, attesting_of
from catalogue_twins import MemoryCatalogue, MemoryLaunches, desk_of, launching_in
from entry_twin import MemoryEntries
from export_twins import MemoryExports, exporting_of
from house_browser import PASSWORD as PASSWORD
from house_browser import PRO_TOKEN as PRO_TOKEN
from house_browser import Browser as Browser
from house_browser import give_password as give_password
from house_browser import post as post
from house_browser import sign_in as sign_in
from house_browser import sign_in_operator as sign_in_operator
from house_browser import sign_in_professional as sign_in_professional
from house_browser import token_of as token_of
from leaving_twins import MemoryDepartures, with_calls
from link_twin import MemoryShareLinks, linking_in
from notice_twins import MemoryNoticeMarks
from prevention_twin import MemoryPreventions, agenda_of
from session_twins import MemoryServiceTokens, MemorySessions
from shelved_samples import Said, shelved
from vault_deposits import MemoryBins, bin_of, deposits_of, own_of
from vault_intake import MemoryJournal
from vault_mails import MemoryCorrespondence, messages_in
from vault_twins import INS_TEST as INS_TEST
from vault_twins import (
    NOW,
    Letters,
    MemoryOperators,
    MemoryOwnTries,
    MemoryPeople,
    MemoryShelf,
    MemoryTraces,
    MovedClock,
    Pauses,
    PlainHasher,
    PlainNames,
)
from vault_twins import identity as identity

from gateway.access.grid import shipped_grid
from gateway.clock import SystemIds
from gateway.flows.catalogue.using import Using
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.entries.room import profile_of
from gateway.flows.family.services import Services
from gateway.flows.leaving.room import Leaving
from gateway.flows.noticing.news import Noticing
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.reading.read import ReadShelf
from gateway.flows.receive import Here, Receive
from gateway.flows.signing_in.desk_signin import DeskSignIn
from gateway.flows.signing_in.refusals import Refusals
from gateway.flows.signing_in.signin import SignIn
from gateway.mapping.results import results_in
from gateway.ports.grids import Grids
from gateway.records.help_place import HelpPlace
from gateway.records.patients.account import (
    AccountState,
    Choice,
    ChoiceKind,
    Login,
    Person,
    Professional,
)
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.operator import Operator, OperatorRole
from gateway.records.readers.service import Service
from gateway.records.readers.switches import Switches
from gateway.vault.app import build_vault, missing_page
from gateway.vault.document.drawing import Drawer
from gateway.vault.rooms import DeskRooms, HelpLine, VaultRooms, Wind
from gateway.vault.signing_in.passwords import LockedTurns

CARNET = Service(
    id="carnet", name="Mon carnet", publisher="Atelier", purpose="", scopes=("read", "write")
)
SHOWN = {CARNET.id: CARNET}
DRAWER = Drawer()
"""One worker for all tests of a run; it ends with them."""
CLAIRE = identity("284037511604282", "DURAND", "Claire")
MARC = identity("181066938301968", "DURAND", "Marc")
NAMES = PlainNames()


def key_of(person: PatientIdentity) -> PatientKey:
    return NAMES.patient_key(person.ins_oid or "", person.ins or "")


@dataclass
class House:
    """Everything a test looks into, and the rooms made of it."""

    clock: MovedClock = field(default_factory=MovedClock)
    people: MemoryPeople = field(default_factory=MemoryPeople)
    sessions: MemorySessions = field(default_factory=MemorySessions)
    service_tokens: MemoryServiceTokens = field(default_factory=MemoryServiceTokens)
    switches: Switches = field(default_factory=Switches)
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    letters: Letters = field(default_factory=Letters)
    pauses: Pauses = field(default_factory=Pauses)
    operators: MemoryOperators = field(default_factory=MemoryOperators)
    wind: Wind | None = None
    grids: Grids | None = None
    furnish_desk: Callable[[DeskRooms], DeskRooms] = lambda rooms: rooms
    messages: MessageDesk | None = None
    secure_cookies: bool = False
    behind_proxy: bool = False
    base_url: str = ""
    centre15: frozenset[str] = frozenset()
    own_file_bytes: int = 5_000_000
    help_places: tuple[HelpPlace, ...] = ()

    def __post_init__(self) -> None:
        self.traces = MemoryTraces(self.clock)
        self.own_tries = MemoryOwnTries()
        self.notice_marks = MemoryNoticeMarks(self.traces)
        self.shelf.log = self.traces
        self.catalogue = MemoryCatalogue(self.traces)
        self.launches = MemoryLaunches(self.traces)
        self.correspondence = MemoryCorrespondence(self.traces)
        self.entries = MemoryEntries(self.traces)
        self.attestations = MemoryAttestations(self.traces)
        self.share_links = MemoryShareLinks(self.traces)
        self.hasher = PlainHasher()
        self.activations = MemoryActivations(self.people, self.sessions, self.traces, self.clock)
        self.departures = MemoryDepartures(
            self.people, self.sessions, self.service_tokens, self.traces
        )
        self.exports = MemoryExports(self.traces)
        self.agendas = MemoryAgendas(self.traces)
        self.preventions = MemoryPreventions(self.traces)
        self.bins = MemoryBins(self.shelf, self.traces)
        self.journal = MemoryJournal(self.people, self.shelf, self.traces)
        self.add_person(CLAIRE, "claire84durand", AccountState.ACTIVE)
        self.add_person(MARC, "marc81durand", AccountState.ACTIVE)
        roux = Professional(
            id="801234567890",
            name="Dr Anne Roux",
            profession="G15_10",
            specialty="SM26",
            organization="1750000001",
            organization_name="Cabinet des Charmes",
            token_hash=hashlib.sha256(PRO_TOKEN.encode()).digest(),
        )
        self.people.pros.append(roux)
        since, kind = NOW - timedelta(days=9), ChoiceKind.CARE_PROFESSIONAL
        self.people.chosen[key_of(CLAIRE)] = [Choice(kind=kind, target=roux.id, since=since)]

    def add_person(self, who: PatientIdentity, login: str, state: AccountState) -> None:
        key = key_of(who)
        self.people.persons[key] = Person(key=key, state=state, identity=who, qualified=True)
        self.people.logins[login] = Login(
            patient=key, login=login, password_hash=f"hash:{PASSWORD}", mobile="0612345678"
        )

    def add(
        self,
        title: str,
        *,
        owner: PatientIdentity = CLAIRE,
        body: bytes = b"<ClinicalDocument/>",
        **said: Unpack[Said],
    ) -> str:
        """One more document on the shelf; its id."""
        number, now = len(self.shelf.shelved) + 1, self.clock.now()
        one = shelved(number, title, body, owner=owner, key=key_of(owner), now=now, **said)
        name = one.card.id
        self.shelf.shelved[name], self.shelf.bodies[name] = one, body
        self.shelf.results[name] = list(results_in(body))
        return name

    def rooms(self) -> VaultRooms:
        tokens = self.service_tokens
        read = ReadShelf(
            shelf=self.shelf,
            people=self.people,
            traces=self.traces,
            clock=self.clock,
            grid=shipped_grid(),
            switches=self.switches,
            centre15=self.centre15,
        )
        sign_in = SignIn(
            people=self.people,
            sessions=self.sessions,
            traces=self.traces,
            outbox=self.letters,
            hasher=self.hasher,
            turns=LockedTurns(),
            clock=self.clock,
            ids=SystemIds(),
            demo_tokens=True,
        )
        desk = DeskSignIn(
            operators=self.operators,
            sessions=self.sessions,
            traces=self.traces,
            hasher=self.hasher,
            turns=sign_in.turns,
            clock=self.clock,
            ids=SystemIds(),
        )
        receive = Receive(self.journal, self.clock, SystemIds(), Here())
        entrance = entrance_of(read, sign_in, self.activations, self.hasher, NAMES)
        leaving = Leaving(entrance=entrance, departures=self.departures)
        listing, reports = desk_of(self.catalogue, self.launches, self.clock)
        bare = DeskRooms(
            sign_in=desk, wind=self.wind, grids=self.grids, catalogue=listing, reports=reports
        )
        medical = profile_of(read, self.entries, SystemIds())
        return VaultRooms(
            read=read,
            sign_in=sign_in,
            entrance=entrance,
            leaving=leaving,
            people=self.people,
            ties=self.people,
            names=NAMES,
            clock=self.clock,
            ids=SystemIds(),
            deposits=deposits_of(read, receive),
            help=HelpLine(places=self.help_places),
            own=own_of(read, receive, self.entries, DRAWER, max_bytes=self.own_file_bytes),
            bin=bin_of(read, self.bins, self.entries),
            services=Services(
                asking=read, tokens=tokens, launches=self.launches, ids=SystemIds(), catalogue=SHOWN
            ),
            launching=launching_in(read, self.catalogue, self.launches, tokens, self.sessions),
            using=Using(launches=self.launches, traces=self.traces, clock=self.clock),
            own_tries=self.own_tries,
            noticing=Noticing(asking=read, marks=self.notice_marks),
            quiet=Quiet(self.clock, self.pauses),
            secure_cookies=self.secure_cookies,
            behind_proxy=self.behind_proxy,
            base_url=self.base_url,
            messages=messages_in(read, self.correspondence, self.journal),
            medical=medical,
            attesting=attesting_of(read, medical, self.attestations, self.sessions),
            linking=linking_in(read, self.share_links, self.attestations, self.sessions),
            drawer=DRAWER,
            exporting=exporting_of(
                read,
                self.people,
                self.exports,
                self.correspondence,
                self.journal,
                self.entries,
                self.agendas,
                self.preventions,
            ),
            agenda=agenda_of(read, self.agendas, self.people, self.entries, self.preventions),
            desk=self.furnish_desk(with_calls(bare, leaving, self.messages, self.activations)),
            refusals=Refusals(traces=self.traces, clock=self.clock),
        )

    def application(self) -> web.Application:
        app, rooms = web.Application(), self.rooms()
        app.add_routes(build_vault(rooms, receipt=_receipt))
        app.router.add_route("*", "/{tail:.*}", missing_page(rooms))
        return app


async def _receipt(request: web.Request) -> web.Response:
    return web.json_response({"receipt": request.match_info["id"]})


@asynccontextmanager
async def visiting(house: House) -> AsyncIterator[Browser]:
    """A browser that keeps cookies and does not follow redirects by itself."""
    async with TestClient(
        TestServer(house.application()), cookie_jar=CookieJar(unsafe=True)
    ) as client:
        yield client


def hire(house: House, *roles: OperatorRole, login: str = "operateur1") -> Operator:
    """Somebody of the desk, in these roles."""
    number = str(101 + len(house.operators.kept))
    one = Operator(
        number=number,
        login=login,
        name="Camille Fabre",
        password_hash=f"hash:{PASSWORD}",
        roles=roles,
    )
    house.operators.kept[login] = one
    return one

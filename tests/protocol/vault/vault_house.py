"""An in-memory house for the vault's tests: twins of the ports, invented people and documents."""

import base64
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from gateway.access.grid import shipped_grid
from gateway.clock import SystemIds
from gateway.flows.read import ReadShelf
from gateway.flows.signin import SignIn
from gateway.records.access import Switches
from gateway.records.account import (
    AccountState,
    Choice,
    ChoiceKind,
    Login,
    NewTrace,
    Person,
    Professional,
    SenderAccount,
    Session,
    Trace,
)
from gateway.records.document import Attachment, Author, BodyKind, Document, Label
from gateway.records.filing import Card, DocumentStatus, Shelved
from gateway.records.observation import Observation
from gateway.records.patient import PatientIdentity, PatientKey
from gateway.vault.app import build_vault, missing_page
from gateway.vault.passwords import LockedTurns
from gateway.vault.rooms import VaultRooms

INS_TEST = "1.2.250.1.213.1.4.10"
NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
PASSWORD = "Un-mot-de-passe-9"
PRO_TOKEN = "token-of-doctor-roux"
SENDER_TOKEN = "token-of-a-laboratory"
CDA = "urn:hl7-org:v3"


@dataclass
class MovedClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


class PlainHasher:
    """No argon2 in tests: the hash is the password, said to be one."""

    async def verify(self, password_hash: str | None, password: str) -> bool:
        return password_hash == f"hash:{password}"


@dataclass
class Letters:
    sent: list[dict[str, str]] = field(default_factory=list)

    async def send(
        self, *, channel: str, to: str, template: str, lang: str, subject: str, body: str
    ) -> None:
        self.sent.append({"channel": channel, "to": to, "subject": subject, "body": body})

    def code(self) -> str:
        words = self.sent[-1]["body"].replace(".", " ").split()
        return next(word for word in words if word.isdigit() and len(word) == 6)


@dataclass
class MemorySessions:
    kept: dict[bytes, Session] = field(default_factory=dict)
    codes: dict[tuple[str, str], tuple[bytes, bytes, datetime]] = field(default_factory=dict)
    fails: dict[str, list[datetime]] = field(default_factory=dict)

    async def open(self, session: Session) -> None:
        self.kept[session.id_hash] = session

    async def find(self, id_hash: bytes) -> Session | None:
        return self.kept.get(id_hash)

    async def touch(self, id_hash: bytes, *, seen_at: datetime) -> None:
        self.kept[id_hash] = replace(self.kept[id_hash], seen_at=seen_at)

    async def close(self, id_hash: bytes) -> None:
        self.kept.pop(id_hash, None)

    async def keep_code(
        self, subject: str, purpose: str, *, salt: bytes, digest: bytes, expires_at: datetime
    ) -> None:
        self.codes[subject, purpose] = salt, digest, expires_at

    async def take_code(self, subject: str, purpose: str) -> tuple[bytes, bytes, datetime] | None:
        return self.codes.get((subject, purpose))

    async def spend_code(self, subject: str, purpose: str) -> bool:
        return self.codes.pop((subject, purpose), None) is not None

    async def tries(self, subject: str, *, since: datetime) -> list[datetime]:
        return [at for at in self.fails.get(subject, []) if at >= since]

    async def failed(self, subject: str, *, at: datetime) -> None:
        self.fails.setdefault(subject, []).append(at)

    async def forget_tries(self, subject: str) -> None:
        self.fails.pop(subject, None)


@dataclass
class MemoryTraces:
    clock: MovedClock
    rows: list[Trace] = field(default_factory=list)

    async def write(self, traces: Sequence[NewTrace]) -> None:
        for one in traces:
            self.rows.append(Trace(number=len(self.rows) + 1, at=self.clock.now(), trace=one))

    async def of_patient(self, patient: PatientKey, *, limit: int) -> list[Trace]:
        found = [row for row in self.rows if row.trace.patient == patient]
        return list(reversed(found))[:limit]

    async def of_document(self, patient: PatientKey, document: str, *, limit: int) -> list[Trace]:
        found = await self.of_patient(patient, limit=len(self.rows))
        return [row for row in found if row.trace.document == document][:limit]


@dataclass
class MemoryPeople:
    persons: dict[PatientKey, Person] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    pros: list[Professional] = field(default_factory=list)
    chosen: dict[PatientKey, list[Choice]] = field(default_factory=dict)

    async def person(self, patient: PatientKey) -> Person | None:
        return self.persons.get(patient)

    async def choices(self, patient: PatientKey) -> list[Choice]:
        return self.chosen.get(patient, [])

    async def choose(self, patient: PatientKey, choice: Choice) -> None:
        self.chosen.setdefault(patient, []).append(choice)

    async def login(self, login: str) -> Login | None:
        return self.logins.get(login)

    async def login_of(self, patient: PatientKey) -> Login | None:
        return next((one for one in self.logins.values() if one.patient == patient), None)

    async def professional(self, token_hash: bytes) -> Professional | None:
        return next((one for one in self.pros if one.token_hash == token_hash), None)

    async def professionals(self) -> list[Professional]:
        return self.pros

    async def sender(self, token_hash: bytes) -> SenderAccount | None:
        known = hashlib.sha256(SENDER_TOKEN.encode()).digest()
        return SenderAccount(name="labo") if token_hash == known else None

    async def sender_by_certificate(self, fingerprint: str) -> SenderAccount | None:
        return None

    async def sender_named(self, name: str) -> SenderAccount | None:
        return None


@dataclass
class MemoryShelf:
    shelved: dict[str, Shelved] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    results: dict[str, list[Observation]] = field(default_factory=dict)

    async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
        cards = [one.card for one in self.shelved.values() if one.card.patient == patient]
        if current_only:
            cards = [card for card in cards if card.status is DocumentStatus.CURRENT]
        return sorted(cards, key=lambda card: card.deposited_at, reverse=True)

    async def find(self, document: str) -> Shelved | None:
        return self.shelved.get(document)

    async def body(self, document: str) -> bytes:
        return self.bodies[document]

    async def observations(self, document: str) -> list[Observation]:
        return self.results.get(document, [])

    async def words(self, patient: PatientKey, words: Sequence[str]) -> set[str]:
        cards = await self.cards(patient)
        return {card.id for card in cards if all(w in card.title.casefold() for w in words)}

    async def versions(self, document: str) -> list[Card]:
        return [one.card for one in self.shelved.values() if one.superseded_by == document]

    async def mark_read(self, document: str, *, at: datetime) -> None:
        self._change(document, read=True)

    async def mask(self, document: str, *, masked: bool, at: datetime) -> None:
        self._change(document, masked_by_patient=masked)

    def _change(self, document: str, **changes: bool) -> None:
        one = self.shelved[document]
        self.shelved[document] = replace(one, card=replace(one.card, **changes))  # type: ignore[arg-type]


class PlainNames:
    def patient_key(self, ins_oid: str, ins: str) -> PatientKey:
        return PatientKey(hashlib.sha256(f"{ins_oid}|{ins}".encode()).digest()[:16])

    def local_key(self, identifier: str) -> bytes:
        return hashlib.sha256(identifier.encode()).digest()[:16]


def identity(ins: str, family: str, given: str) -> PatientIdentity:
    return PatientIdentity(
        ins=ins,
        ins_oid=INS_TEST,
        birth_family=family,
        birth_given=given,
        birth_givens=given,
        birth_date="1984-03-12",
        sex="F",
        birth_place="75116",
        traits_complete=True,
    )


CLAIRE = identity("284037511604282", "DURAND", "Claire")
MARC = identity("181066938301968", "DURAND", "Marc")
NAMES = PlainNames()


def key_of(person: PatientIdentity) -> PatientKey:
    return NAMES.patient_key(person.ins_oid or "", person.ins or "")


def pdf_of(pages: int) -> bytes:
    """Blank pages; what they hold is not the point."""
    made, out = pikepdf.new(), BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


def narrative_cda(title: str, text: str) -> bytes:
    body = f"<component><section><title>{title}</title><text>{text}</text></section></component>"
    return (
        f'<ClinicalDocument xmlns="{CDA}"><title>{title}</title>'
        f"<component><structuredBody>{body}</structuredBody></component></ClinicalDocument>"
    ).encode()


def wrapped_cda(mime_type: str, content: bytes) -> bytes:
    data = base64.b64encode(content).decode()
    return (
        f'<ClinicalDocument xmlns="{CDA}"><component><nonXMLBody>'
        f'<text mediaType="{mime_type}" representation="B64">{data}</text>'
        "</nonXMLBody></component></ClinicalDocument>"
    ).encode()


def result(text: str, value: str, unit: str, limits: str, flag: str) -> Observation:
    return Observation(
        code="1-1",
        system="LN",
        text=text,
        value=value,
        value_type="NM",
        unit=unit,
        range=limits,
        flag=flag,
        status="F",
        time=None,
        group="B1",
        group_text="Hémogramme",
        group_id="ORD-1-0",
        sub_id="",
        producer="",
        note="",
    )


@dataclass
class House:
    """Everything a test looks into, and the rooms made of it."""

    clock: MovedClock = field(default_factory=MovedClock)
    people: MemoryPeople = field(default_factory=MemoryPeople)
    sessions: MemorySessions = field(default_factory=MemorySessions)
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    letters: Letters = field(default_factory=Letters)
    secure_cookies: bool = False

    def __post_init__(self) -> None:
        self.traces = MemoryTraces(self.clock)
        self._add_person(CLAIRE, "claire84durand", AccountState.ACTIVE)
        self._add_person(MARC, "marc81durand", AccountState.ACTIVE)
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
        consent = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=roux.id, since=NOW)
        self.people.chosen[key_of(CLAIRE)] = [replace(consent, since=NOW - timedelta(days=9))]

    def _add_person(self, who: PatientIdentity, login: str, state: AccountState) -> None:
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
        label: Label = Label.BIOLOGIE,
        type_code: str = "11502-2",
        body: bytes = b"<ClinicalDocument/>",
        kind: BodyKind | None = BodyKind.STRUCTURED,
        mime_type: str = "text/xml",
        act_date: str = "2026-03-01",
        codes: tuple[str, ...] = ("N",),
        author: str = "Laboratoire des Charmes",
        unique_id: str | None = None,
        identifiers: tuple[str, ...] = (),
    ) -> str:
        number = len(self.shelf.shelved) + 1
        name = f"{number:032x}"
        document = Document(
            patient=owner,
            type_code=type_code,
            type_system="2.16.840.1.113883.6.1",
            type_display="CR d'examens biologiques",
            class_code="10",
            title=title,
            label=label,
            label_rule=f"type:{type_code}",
            label_confidence="high",
            unique_id=unique_id or f"1.2.250.1.999.{number}",
            confidentiality=codes,
            creation_time="2026-03-01T09:30:00Z",
            service_start=act_date,
            mime_type=mime_type,
            body=kind,
            size=len(body),
            sha1=hashlib.sha1(body, usedforsecurity=False).hexdigest(),
            sha256=hashlib.sha256(body).hexdigest(),
            authors=(Author(kind="person", id="801234567890", family="Roux", given="Anne"),),
            attachments=(Attachment(mime_type="application/pdf", size=1, sha1="00"),),
            identifiers=identifiers,
        )
        card = Card(
            id=name,
            patient=key_of(owner),
            receipt="r",
            status=DocumentStatus.CURRENT,
            type_code=type_code,
            class_code="10",
            label=label,
            title=title,
            author=author,
            author_ids=("801234567890",),
            organization="1750000001",
            organization_name=author,
            act_date=act_date,
            codes=codes,
            mime_type=mime_type,
            size=len(body),
            results=0,
            deposited_at=self.clock.now() - timedelta(days=5) + timedelta(minutes=number),
            hidden_from=None,
            announced_at=None,
            by_patient=False,
        )
        self.shelf.shelved[name] = Shelved(card=card, document=document, sender="labo")
        self.shelf.bodies[name] = body
        return name

    def rooms(self) -> VaultRooms:
        read = ReadShelf(
            shelf=self.shelf,
            people=self.people,
            traces=self.traces,
            clock=self.clock,
            grid=shipped_grid(),
            switches=Switches(),
        )
        sign_in = SignIn(
            people=self.people,
            sessions=self.sessions,
            traces=self.traces,
            outbox=self.letters,
            hasher=PlainHasher(),
            turns=LockedTurns(),
            clock=self.clock,
            ids=SystemIds(),
            demo_tokens=True,
        )
        return VaultRooms(
            read=read,
            sign_in=sign_in,
            people=self.people,
            names=NAMES,
            clock=self.clock,
            ids=SystemIds(),
            secure_cookies=self.secure_cookies,
        )

    def application(self) -> web.Application:
        app = web.Application()
        rooms = self.rooms()
        app.add_routes(build_vault(rooms, receipt=_receipt))
        app.router.add_route("*", "/{tail:.*}", missing_page(rooms))
        return app


async def _receipt(request: web.Request) -> web.Response:
    return web.json_response({"receipt": request.match_info["id"]})


@asynccontextmanager
async def visiting(house: House) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """A browser that keeps cookies and does not follow redirects by itself."""
    async with TestClient(
        TestServer(house.application()), cookie_jar=CookieJar(unsafe=True)
    ) as client:
        yield client


async def token_of(client: TestClient[web.Request, web.Application], path: str) -> str:
    """The hidden field of the first form of a page."""
    text = await (await client.get(path)).text()
    return text.partition('name="jeton" value="')[2].partition('"')[0]


async def post(
    client: TestClient[web.Request, web.Application], page: str, action: str, **fields: str
) -> tuple[int, str, str]:
    """Fills the form of a page; status, Location and body of the answer."""
    data = {"jeton": await token_of(client, page), **fields}
    answer = await client.post(action, data=data, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), await answer.text()


async def sign_in(
    client: TestClient[web.Request, web.Application],
    house: House,
    login: str = "claire84durand",
) -> None:
    await post(client, "/connexion", "/connexion", identifiant=login, mot_de_passe=PASSWORD)
    code = house.letters.code()
    status, place, _ = await post(client, "/connexion/code", "/connexion/code", otp=code)
    assert (status, place) == (303, "/")


async def sign_in_professional(client: TestClient[web.Request, web.Application]) -> None:
    status, place, _ = await post(client, "/pro", "/pro/connexion", jeton_demonstration=PRO_TOKEN)
    assert (status, place) == (303, "/pro")

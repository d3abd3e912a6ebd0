"""Who is asking: cookies to a session, a session to a reader, and the frame of the page."""

from dataclasses import dataclass, replace

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.family.profiles import Profile, decide_act, stand
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.signing_in.signin import IDLE, forgery_token
from gateway.flows.signing_in.standing import is_let_in
from gateway.records.patients.account import Person, Session, SignedIn
from gateway.records.patients.activation import Aim
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Manage, Reader, ReaderKind
from gateway.records.readers.callers import peer_address
from gateway.records.readers.operator import Operator
from gateway.vault import words
from gateway.vault.called import first_name, full_name, paper_head
from gateway.vault.desk.places import nav_of, places_of
from gateway.vault.rendering import (
    MESSAGING,
    NAV,
    PROFESSIONAL_NAV,
    Face,
    static_address,
)
from gateway.vault.rooms import VaultRooms

SESSION_COOKIE = "session"
VISIT_COOKIE = "visite"
CODE = "/connexion/code"
FRAMELESS = ("/fhir/", "/corps", "/telecharger", "/pieces/")
"""Of addresses that answer no page, or one without its navigation."""
PROFILE_AFTER = "."
"""In a form's token, before the profile that the form was shown in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request's browser: `reader` is None until a patient or professional is signed in.

    `operator` is set at the desk instead: for every other page he is a stranger.

    `fresh` is a secret to be set as the visit cookie, which carries the form token before
    there is a session; `ended` says that a session cookie came and is worth nothing any more,
    `shut` because its patient's space is not open.
    `own` is who a patient's session is in the own space, `person` that space's line of the index;
    `profile` another's record that is looked at, in which `reader` is somebody else.
    """

    secret: str
    session: Session | None = None
    reader: Reader | None = None
    operator: Operator | None = None
    own: Reader | None = None
    person: Person | None = None
    profile: Profile | None = None
    face: Face
    fresh: bool = False
    ended: bool = False
    shut: bool = False

    @property
    def patient(self) -> PatientKey | None:
        """Whose record a patient's session looks at: the own, or another's."""
        if self.reader is None or self.session is None:
            return None
        if self.session.who is not SignedIn.PATIENT:
            return None
        if self.profile is not None:
            return self.profile.gate.patient
        return PatientKey(bytes.fromhex(self.session.subject))

    def holder(self) -> tuple[PatientKey, Reader]:
        """The record looked at, and who this person is before it; DeniedError for anybody else."""
        if self.patient is None or self.reader is None:
            raise DeniedError("no patient is signed in")
        return self.patient, self.reader

    def myself(self) -> tuple[Person, Reader]:
        """The patient signed in, whatever profile is looked at; DeniedError for anybody else."""
        if self.own is None or self.person is None:
            raise DeniedError("no patient is signed in")
        return self.person, self.own

    @property
    def half(self) -> Session | None:
        """The session of a patient half signed in: a code was sent, and is not typed yet."""
        one = self.session
        return one if one and not one.proved and one.who is SignedIn.PATIENT else None

    @property
    def waiting_at(self) -> str:
        """Where the code is typed that was sent to a patient half signed in; else ""."""
        return CODE if self.half else ""

    @property
    def closed(self) -> bool:
        """Its owner stands before a closed space, identified, and reads nothing of it."""
        draft = self.session.draft if self.session else None
        return draft is not None and draft.aim is Aim.CLOSED

    @property
    def lost(self) -> bool:
        """The profile looked at is not, or no longer, this person's to see."""
        return self.own is not None and self.reader is None

    def anybody(self) -> Reader:
        """Whoever is signed in; DeniedError for a stranger."""
        if self.reader is None:
            raise DeniedError("nobody is signed in")
        return self.reader

    def agent(self) -> Operator:
        """Who works at the desk; DeniedError for anybody else."""
        if self.operator is None:
            raise DeniedError("no operator is signed in")
        return self.operator

    @property
    def is_professional(self) -> bool:
        return self.reader is not None and self.reader.kind is ReaderKind.PROFESSIONAL


VISIT = web.RequestKey("vault_visit", Visit)


def cookie_name(rooms: VaultRooms, name: str) -> str:
    return f"__Host-{name}" if rooms.secure_cookies else name


async def visit_of(request: web.Request, rooms: VaultRooms) -> Visit:
    """Reads the cookies; asks the store once for a session and once for its person."""
    secret = request.cookies.get(cookie_name(rooms, SESSION_COOKIE), "")
    session = await rooms.sign_in.visitor(secret) if secret else None
    if session is None:
        return stranger(request, rooms, ended=bool(secret))
    if not session.proved:
        return Visit(secret=secret, session=session, face=_face(secret))
    if session.who is SignedIn.OPERATOR:
        return await _operator(rooms, secret, session)
    if session.who is SignedIn.PROFESSIONAL:
        visit = await _professional(rooms, secret, session)
        if visit.reader is None:
            return visit
        return replace(visit, reader=from_where(visit.reader, request, rooms))
    visit = await patient_visit(request, rooms, secret, session)
    framed = not any(part in request.path for part in FRAMELESS)
    return await _counted(rooms, visit) if framed else visit


async def _counted(rooms: VaultRooms, visit: Visit) -> Visit:
    """With the messages that nobody has read yet, for the navigation (VAULT MSG-07)."""
    if rooms.messages is None or visit.patient is None:
        return visit
    patient, reader = visit.holder()
    unread = await rooms.messages.unread(reader, patient)
    count = {MESSAGING[0]: unread} if unread else {}
    return replace(visit, face=replace(visit.face, unread=count))


def from_where(reader: Reader, request: web.Request, rooms: VaultRooms) -> Reader:
    """The reader with what the log says of his way in: the face, and the address of his peer."""
    door = "fhir" if request.path.startswith("/fhir/") else "pages"
    return replace(reader, door=door, address=peer_of(request, rooms))


def peer_of(request: web.Request, rooms: VaultRooms) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "")
    return peer_address(request.remote, forwarded, behind_proxy=rooms.behind_proxy)


def stranger(request: web.Request, rooms: VaultRooms, *, ended: bool = False) -> Visit:
    known = request.cookies.get(cookie_name(rooms, VISIT_COOKIE), "")
    secret = known or rooms.ids.secret()
    return Visit(secret=secret, face=_face(secret), fresh=not known, ended=ended)


async def patient_visit(
    request: web.Request, rooms: VaultRooms, secret: str, session: Session
) -> Visit:
    key = PatientKey(bytes.fromhex(session.subject))
    person = await rooms.people.person(key)
    if not await is_let_in(rooms.people, person, rooms.clock.now()):
        await rooms.sign_in.shut(session)
        return Visit(secret=secret, face=_face(secret), ended=True, shut=True)
    record = person.key if person is not None else key  # what this login's record joined
    own = from_where(patient_reader(record, name=full_name(person)), request, rooms)
    face = Face(
        jeton=f"{forgery_token(secret)}{PROFILE_AFTER}{session.profile}",
        profile_name=first_name(person) or "mon profil",
        profile_id=session.subject,
        profiles="/profils",
        paper=paper_head(person, rooms.clock.now()),
        nav=NAV,
        session_end=min(session.seen_at + IDLE, session.expires_at),
        css=static_address("app.css"),
        js=static_address("app.js"),
    )
    visit = Visit(secret=secret, session=session, own=own, person=person, face=face)
    if not session.profile:
        return replace(visit, reader=own)
    return await _before_another(rooms, visit, PatientKey(bytes.fromhex(session.profile)))


async def _before_another(rooms: VaultRooms, visit: Visit, patient: PatientKey) -> Visit:
    """Decided anew on each request; without the right, a visit that reads nothing."""
    person, own = visit.myself()
    try:
        profile = await stand(rooms.read, rooms.ties, person, own, patient)
    except DeniedError:
        return replace(visit, face=replace(visit.face, lost=True))
    name = first_name(profile.person) or "ce profil"
    manages = decide_act(profile.gate, Manage.CONSENTS).permitted
    face = replace(
        visit.face,
        profile_name=name,
        profile_id=profile.gate.patient.hex(),
        of=words.of(name),
        paper=paper_head(profile.person, rooms.clock.now()),
        manages=manages,
        reads_history=decide_act(profile.gate, AccessAction.TRACE).permitted,
    )
    return replace(visit, reader=profile.reader, profile=profile, face=face)


async def _professional(rooms: VaultRooms, secret: str, session: Session) -> Visit:
    """As an identity provider told; else, in the demo, as the professional is known here."""
    known = list(session.situations) or [
        one for one in await rooms.people.professionals() if one.id == session.subject
    ]
    if not known:
        return Visit(secret=secret, face=_face(secret), ended=True)
    face = Face(
        jeton=forgery_token(secret),
        profile_name=known[0].name,
        profile_word="Professionnel",
        nav=PROFESSIONAL_NAV,
        home="/pro",
        brand="Espace des professionnels",
        session_end=min(session.seen_at + IDLE, session.expires_at),
        css=static_address("app.css"),
        js=static_address("app.js"),
    )
    return Visit(
        secret=secret,
        session=session,
        reader=professional_reader(known[0]),
        face=face,
    )


async def _operator(rooms: VaultRooms, secret: str, session: Session) -> Visit:
    """Asked for at each request: who is disabled is out at once."""
    known = await rooms.desk.sign_in.operator_of(session) if rooms.desk else None
    wound = rooms.desk is not None and rooms.desk.wind is not None
    if known is None:
        return Visit(secret=secret, face=_face(secret), ended=True)
    face = Face(
        jeton=forgery_token(secret),
        profile_name=known.name,
        profile_word=f"Agent {known.number}",
        nav=nav_of(known.roles, demo=wound),
        home=places_of(known.roles)[0].path,
        brand="Bureau des opérateurs",
        session_end=min(session.seen_at + IDLE, session.expires_at),
        css=static_address("app.css"),
        js=static_address("app.js"),
    )
    return Visit(secret=secret, session=session, operator=known, face=face)


def _face(secret: str) -> Face:
    return Face(
        jeton=forgery_token(secret), css=static_address("app.css"), js=static_address("app.js")
    )

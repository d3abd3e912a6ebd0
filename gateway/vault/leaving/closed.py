"""A closed space before its owner (`/connexion/ferme`), or before who represents it
(`/profils/rouvrir`): open it again, have it deleted, take that back (VAULT ACC-16 to ACC-18)."""

from dataclasses import dataclass
from typing import NamedTuple

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.family.profiles import stand
from gateway.flows.leaving import leave
from gateway.flows.leaving.managed import closed_one
from gateway.flows.leaving.room import OverError
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.facts import patient_reader
from gateway.records.patients.account import AccountState, ChoiceKind, Person, Session
from gateway.records.patients.activation import Aim
from gateway.records.patients.leaving import archive_ends, clocks_turn, deletion_due
from gateway.records.readers.access import Reader
from gateway.vault import words as common
from gateway.vault.called import first_name, full_name
from gateway.vault.entering.steps import on_its_way
from gateway.vault.family import profiles
from gateway.vault.leaving import words
from gateway.vault.porch import CLOSED_SPACE, see_other, set_cookie, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import SESSION_COOKIE, VISIT, from_where

MANAGED = "/profils/rouvrir"


class Whose(NamedTuple):
    """`session` is the guest's before the own space; None before another's."""

    person: Person
    reader: Reader
    session: Session | None

    @property
    def base(self) -> str:
        return MANAGED if self.session is None else CLOSED_SPACE

    @property
    def profile(self) -> str:
        """The hidden field `profil`, "" before the own."""
        return self.person.key.hex() if self.session is None else ""

    @property
    def place(self) -> str:
        return f"{self.base}?profil={self.profile}" if self.profile else self.base


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What the page says, in words; "" where it is not known or not asked for."""

    closed: str
    archive: str
    asked: str
    due: str
    turn: str


def _days(person: Person) -> Days:
    closed, asked = person.closed_at, person.deletion_asked_at
    return Days(
        closed=common.date_of(closed) if closed else "",
        archive=common.date_of(archive_ends(closed)) if closed else "",
        asked=common.date_of(asked) if asked else "",
        due=common.date_of(deletion_due(asked)) if asked else "",
        turn=common.date_of(clocks_turn(asked)) if asked else "",
    )


async def _whose(request: web.Request) -> Whose | web.Response:
    """Raises DeniedError for another's that is not this person's to open; one that is open leads to
    the profiles."""
    rooms = request[ROOMS]
    if request.path.startswith(MANAGED):
        person, own = request[VISIT].myself()
        said = request.query.get("profil", "") or await field(request, "profil")
        key = profiles.key_of(said)
        if key is None:
            raise DeniedError(NOT_THERE)
        try:
            found, reader = await closed_one(rooms.leaving, rooms.ties, person, own, key)
        except DeniedError:
            profile = await stand(rooms.read, rooms.ties, person, own, key)
            if profile.role is ChoiceKind.CAREGIVER:
                raise
            return see_other(f"{profiles.PATH}?fait=deja-rouvert")
        return Whose(found, reader, None)
    way = on_its_way(request, Aim.CLOSED, page=CLOSED_SPACE)
    if isinstance(way, web.Response):
        return way
    session, draft = way
    known = await rooms.entrance.person_of(draft)
    if known is None or known.state not in (AccountState.CLOSED, AccountState.ERASING):
        await rooms.sign_in.leave(session)
        return see_other("/connexion")
    reader = from_where(patient_reader(known.key, name=full_name(known)), request, rooms)
    return Whose(known, reader, session)


async def closed_page(request: web.Request) -> web.Response:
    whose = await _whose(request)
    return whose if isinstance(whose, web.Response) else _view(request, whose)


async def deletion_page(request: web.Request) -> web.Response:
    """What it does, and the word to type."""
    whose = await _whose(request)
    return whose if isinstance(whose, web.Response) else _view(request, whose, name="delete")


def _view(
    request: web.Request,
    whose: Whose,
    *,
    name: str = "closed",
    errors: dict[str, str] | None = None,
    typed: str = "",
) -> web.Response:
    visit = request[VISIT]
    of = common.of(first_name(whose.person)) if whose.session is None else ""
    title = f"L'espace {of} est fermé" if of else words.CLOSED
    if name == "delete":
        title = f"Supprimer l'espace {of}" if of else words.DELETE
    return html(
        f"leaving/{name}.html",
        status=422 if errors else 200,
        face=visit.face,
        jeton=visit.face.jeton,
        title=title,
        current=profiles.PATH if of else "",
        data_page=whose.base[1:] + ("/suppression" if name == "delete" else ""),
        errors=errors or {},
        of=of,
        base=whose.base,
        place=whose.place,
        profile=whose.profile,
        days=_days(whose.person),
        erasing=whose.person.state is AccountState.ERASING,
        word=leave.WORD,
        typed=typed,
        done=words.DONE.get(request.query.get("fait", ""), ""),
    )


async def reopen(request: web.Request) -> web.Response:
    """Field `cgu`; the own space is entered at once."""
    rooms, whose = request[ROOMS], await _whose(request)
    if isinstance(whose, web.Response):
        return whose
    if await field(request, "cgu") != "oui":
        return _view(request, whose, errors={"cgu": words.AGREE})
    try:
        cancelled = await leave.reopen(rooms.leaving, whose.reader, whose.person.key)
    except OverError as error:
        return _over(request, error)
    done = see_other(f"{profiles.PATH}?fait={'rouvert-annule' if cancelled else 'rouvert'}")
    if whose.session is not None:
        ticket = await rooms.sign_in.back_in(whose.session)
        set_cookie(done, rooms, SESSION_COOKIE, ticket.secret)
    return done


async def ask_deletion(request: web.Request) -> web.Response:
    """Field `suppression`: the word, as it stands."""
    whose = await _whose(request)
    if isinstance(whose, web.Response):
        return whose
    typed = await field(request, "suppression")
    if typed.strip() != leave.WORD:
        errors = {"suppression": words.TYPE_WORD}
        return _view(request, whose, name="delete", errors=errors, typed=typed)
    try:
        await leave.ask_deletion(request[ROOMS].leaving, whose.reader, whose.person.key)
    except OverError as error:
        if error.state is not AccountState.CLOSED:  # else it is asked for already
            return _over(request, error)
    return _done(whose, "demandee")


async def keep(request: web.Request) -> web.Response:
    """The deletion is taken back."""
    whose = await _whose(request)
    if isinstance(whose, web.Response):
        return whose
    try:
        await leave.keep(request[ROOMS].leaving, whose.reader, whose.person.key)
    except OverError as error:
        if error.state is not AccountState.CLOSED:  # else nothing is asked for any more
            return _over(request, error)
    return _done(whose, "maintenu")


def _done(whose: Whose, end: str) -> web.Response:
    return see_other(f"{whose.place}{'&' if '?' in whose.place else '?'}fait={end}")


def _over(request: web.Request, error: OverError) -> web.Response:
    return sorry(request[VISIT], 409, words.over_words(error), refusal="espace")

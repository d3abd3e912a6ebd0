"""`/profils`: whose space to look at, and what others ask of this person (PAGES sketch E)."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.access.time import birthday, civil_date
from gateway.errors import DeniedError
from gateway.flows.family.ended import EndedError
from gateway.flows.family.profiles import Managed, look_at, managed, stand, ties_to
from gateway.flows.family.sharing import TakenError, may_leave, waiting_for
from gateway.flows.leaving.managed import closed_ones
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.facts import latest_day
from gateway.records.patients.account import ChoiceKind, Person, Tie
from gateway.records.patients.patient import PatientKey
from gateway.vault import words
from gateway.vault.called import first_name, full_name
from gateway.vault.family.sharing import sharing_of
from gateway.vault.leaving.words import REOPENED
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PATH = "/profils"
ROLES = {
    ChoiceKind.PARENT: "votre enfant",
    ChoiceKind.GUARDIAN: "vous êtes son tuteur",
    ChoiceKind.CAREGIVER: "vous êtes son proche aidant",
}
ASKED = {
    ChoiceKind.PARENT_ASKED: "le partage de son profil",
    ChoiceKind.CAREGIVER_ASKED: "d'être son proche aidant",
}
DONE = {
    "accepte": "Accès accepté",
    "refuse": "Invitation refusée",
    "active": "L'espace de votre enfant est activé",
    "deja-active": "L'espace de votre enfant était déjà activé",
    "quitte": "Vous n'avez plus accès à ce profil",
    "deja-quitte": "Vous n'aviez déjà plus accès à ce profil",
    **REOPENED,
}
HAS_LEFT = f"{PATH}?fait=deja-quitte"
ANSWERS = {"accepter": True, "refuser": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation as its card says it."""

    tie: Tie
    name: str
    asked: str


async def profiles_page(request: web.Request) -> web.Response:
    return await _view(request)


async def _view(request: web.Request, *, problem: str = "") -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    person, own = visit.myself()
    cards = await managed(rooms.read, rooms.ties, person, own)
    now = rooms.clock.now()
    ties = await rooms.ties.ties(person.key)
    return html(
        "family/profiles.html",
        status=409 if problem else 200,
        face=visit.face,
        title="Profils de ma famille",
        current=PATH,
        data_page="profils",
        errors={"": problem} if problem else {},
        done=DONE.get(request.query.get("fait", ""), ""),
        me={"key": person.key.hex(), "whole": full_name(person)},
        cards=[_card(one, now) for one in cards],
        closed=[
            _closed(one, now) for one in await closed_ones(rooms.leaving, rooms.ties, person, own)
        ],
        invited=[await _invited(request, tie) for tie in waiting_for(ties, now)],
        looked_at="" if visit.lost else visit.holder()[1].bound_to or person.key.hex(),
    )


def _card(one: Managed, now: datetime) -> dict[str, object]:
    person, patient = one.profile.person, one.profile.gate.patient
    return {
        "key": patient.hex(),
        "of": words.of(first_name(person)),
        "whole": full_name(person),
        "age": _age(person, now),
        "role": ROLES[one.profile.role],
        "unread": words.plural(one.unread, "nouveauté", "nouveautés") if one.unread else "",
        "reads": one.profile.role is ChoiceKind.CAREGIVER,
        "can_leave": may_leave(one.profile.choice),
    }


def _closed(person: Person, now: datetime) -> dict[str, object]:
    return {
        "key": person.key.hex(),
        "of": words.of(first_name(person)),
        "whole": full_name(person),
        "age": _age(person, now),
        "since": words.date_of(person.closed_at) if person.closed_at else "",
        "asked": person.deletion_asked_at is not None,
    }


def _age(person: Person, now: datetime) -> str:
    """In whole years, in Paris."""
    born, today = latest_day(person.identity.birth_date), civil_date(now)
    years = today.year - born.year
    years -= birthday(born, years) > today if years >= 0 else 0
    return words.plural(years, "an", "ans") if years > 0 else "moins d'un an"


async def _invited(request: web.Request, tie: Tie) -> Invited:
    """By the name alone: nothing of the record is told before the answer."""
    person = await request[ROOMS].people.person(tie.patient)
    return Invited(tie=tie, name=full_name(person), asked=ASKED[tie.choice.kind])


async def change_profile(request: web.Request) -> web.Response:
    """Field `profil`: the key of a record in hex, or empty for the own one."""
    visit, rooms = request[VISIT], request[ROOMS]
    person, own = visit.myself()
    wanted = key_of(await field(request, "profil"))
    if wanted is not None and wanted != person.key:
        profile = await stand(rooms.read, rooms.ties, person, own, wanted)
        wanted = profile.gate.patient
    if visit.session is None:
        raise DeniedError(NOT_THERE)
    chosen = wanted.hex() if wanted is not None and wanted != person.key else ""
    await look_at(rooms.sign_in.sessions, visit.session, chosen)
    return see_other("/")


def key_of(text: str) -> PatientKey | None:
    """Raises DeniedError for what is no key."""
    try:
        return PatientKey(bytes.fromhex(text)) if text else None
    except ValueError:
        raise DeniedError(NOT_THERE) from None


async def answer_invitation(request: web.Request) -> web.Response:
    """Fields `profil` and `reponse` (accepter, refuser)."""
    person, own = request[VISIT].myself()
    patient, said = key_of(await field(request, "profil")), await field(request, "reponse")
    if patient is None or said not in ANSWERS:
        raise DeniedError(NOT_THERE)
    rooms, accepted = request[ROOMS], ANSWERS[said]
    try:
        await sharing_of(request).answer(person, own, patient, accepted=accepted)
    except TakenError:
        return await _view(request, problem=words.CARED_FOR_FULL)
    except EndedError:
        ties = await rooms.ties.ties(person.key)
        if accepted is not bool(ties_to(ties, patient, rooms.clock.now())):
            return await _view(request, problem=words.NO_INVITATION)
    return see_other(f"{PATH}?fait={'accepte' if ANSWERS[said] else 'refuse'}")


async def leave_profile(request: web.Request) -> web.Response:
    """Field `profil`: a second parent or a caregiver gives the access back (REP-03)."""
    person, own = request[VISIT].myself()
    patient = key_of(await field(request, "profil"))
    if patient is None:
        raise DeniedError(NOT_THERE)
    try:
        await sharing_of(request).leave(person, own, patient)
    except EndedError:
        return see_other(HAS_LEFT)
    return see_other(f"{PATH}?fait=quitte")

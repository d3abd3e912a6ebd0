"""A page says what ending an access will do, before it is done (PAGES 2, rule 8).

Who leaves a profile cannot come back alone; whose access is taken back must be invited anew.
"""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.family.ended import EndedError, has_left
from gateway.flows.family.profiles import Profile, stand
from gateway.flows.family.sharing import may_leave
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.vault import words
from gateway.vault.called import first_name, full_name
from gateway.vault.family import profiles
from gateway.vault.family.sharing import (
    CARERS,
    ENDED,
    ROLE_WORDS,
    SHARED,
    Room,
    given_in,
    name_of,
    sharing_of,
    title_of,
)
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

LEAVE = f"{profiles.PATH}/quitter"
CONFIRM = "confirmer"


async def leave_page(request: web.Request) -> web.Response:
    """By GET, field `profil`: what who leaves it will not see any more; nothing is ended yet."""
    visit, rooms = request[VISIT], request[ROOMS]
    person, own = visit.myself()
    patient = profiles.key_of(request.query.get("profil", ""))
    if patient is None or patient == person.key:
        raise DeniedError(NOT_THERE)
    mine = await rooms.ties.ties(person.key)
    if has_left(mine, patient, rooms.clock.now()):
        return see_other(profiles.HAS_LEFT)
    profile = await stand(rooms.read, rooms.ties, person, own, patient)
    if not may_leave(profile.choice):
        raise DeniedError(NOT_THERE)
    act = f"Ne plus avoir accès au profil {words.of(first_name(profile.person))}"
    return html(
        "family/confirm.html",
        face=visit.face,
        title=act,
        current=profiles.PATH,
        data_page=f"{LEAVE[1:]}/{CONFIRM}",
        place=LEAVE,
        back=profiles.PATH,
        back_words="Profils de ma famille",
        field_name="profil",
        id=profile.gate.patient.hex(),
        whole=full_name(profile.person),
        role=profiles.ROLES[profile.role],
        effects=_left(profile),
        act=act,
    )


def _left(profile: Profile) -> list[str]:
    of = words.of(first_name(profile.person))
    manages = profile.role is not ChoiceKind.CAREGIVER
    no_more = " Vous ne pourrez plus choisir qui y a accès." if manages else ""
    return [
        f"Vous ne verrez plus les documents {of}, dès maintenant.{no_more}",
        "Vous ne pourrez pas y revenir de vous-même : il faudra une nouvelle invitation.",
        "Rien n'est effacé. Le titulaire de ce profil et ses représentants légaux en seront "
        "avertis.",
    ]


async def end_share_page(request: web.Request) -> web.Response:
    return await _end(request, SHARED)


async def end_carer_page(request: web.Request) -> web.Response:
    return await _end(request, CARERS)


async def _end(request: web.Request, room: Room) -> web.Response:
    """By GET, field `id`: whose access or invitation it is, and what changes."""
    visit, target = request[VISIT], request.query.get("id", "")
    patient, reader = visit.holder()
    if not target:
        raise DeniedError(NOT_THERE)
    try:
        choices = (await sharing_of(request).ends(reader, patient, target))[1]
    except EndedError:
        return see_other(f"{room.path}?{ENDED}")
    given, name, of = given_in(choices), await name_of(request, target), visit.face.of
    what = "l'accès" if given else "l'invitation"
    return html(
        "family/confirm.html",
        face=visit.face,
        title=f"Retirer {what} {words.of(name)}",
        current="/parametres",
        data_page=f"{room.path[1:]}/retrait/{CONFIRM}",
        place=f"{room.path}/retrait",
        back=room.path,
        back_words=title_of(room, of),
        field_name="id",
        id=target,
        whole=name,
        role=ROLE_WORDS[choices[0].kind],
        effects=_taken_back(choices, of) if given else [NOT_ACCEPTED],
        act="Retirer cet accès" if given else "Retirer cette invitation",
    )


NOT_ACCEPTED = "Cette personne ne pourra plus accepter. Vous pourrez l'inviter de nouveau."


def _taken_back(choices: list[Choice], of: str) -> list[str]:
    manages = any(one.kind is ChoiceKind.PARENT for one in choices)
    no_more = " Elle ne pourra plus choisir qui y a accès." if manages else ""
    documents = f"les documents {of}" if of else "vos documents"
    return [
        f"Cette personne ne verra plus {documents}, dès maintenant.{no_more}",
        "Pour lui rendre l'accès, il faudra l'inviter de nouveau, et qu'elle accepte.",
        "Elle en sera avertie. Ce qu'elle a fait reste dans l'historique.",
    ]

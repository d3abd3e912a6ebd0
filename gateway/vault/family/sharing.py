"""`/parametres/partage` and `/parametres/aidants`: who else manages or reads this profile."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from aiohttp import web

from gateway.access.time import is_minor
from gateway.errors import DeniedError
from gateway.flows.choices.act import may_manage
from gateway.flows.family.ended import EndedError
from gateway.flows.family.profiles import KINDS
from gateway.flows.family.sharing import (
    Named,
    NobodyError,
    Sharing,
    TakenError,
    helpers,
    may_end,
    waiting,
)
from gateway.mapping.identity import INS_CHARACTERS, INS_OIDS
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage
from gateway.vault import words
from gateway.vault.called import full_name
from gateway.vault.days import last_day, read_day
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

DONE = {
    "invite": "Invitation envoyée. Elle attend une réponse pendant 30 jours.",
    "retire": "Accès retiré",
    "annulee": "Invitation retirée",
    "deja": "C'était déjà fait : cette personne n'a pas accès, et aucune invitation ne l'attend.",
}
ENDED = "fait=deja"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One of the two pages: what it asks of the invited person, and its words."""

    path: str
    asks: ChoiceKind
    gives: tuple[ChoiceKind, ...]
    may: tuple[str, ...]
    may_not: tuple[str, ...]


OWN_DOCUMENTS = (
    "ajouter des documents, modifier ou supprimer ceux qu'aucun professionnel n'a ajoutés"
)


SHARED = Room(
    path="/parametres/partage",
    asks=ChoiceKind.PARENT_ASKED,
    gives=(ChoiceKind.PARENT, ChoiceKind.GUARDIAN),
    may=(
        "lire, masquer et ranger des documents",
        OWN_DOCUMENTS,
        "choisir les professionnels qui y ont accès",
        "lire l'historique des consultations",
        "nommer des proches aidants",
    ),
    may_not=(
        "lire un document qu'un professionnel a caché aux représentants légaux",
        "retirer l'accès du premier représentant",
        "garder l'accès après les 18 ans de l'enfant",
    ),
)
CARERS = Room(
    path="/parametres/aidants",
    asks=ChoiceKind.CAREGIVER_ASKED,
    gives=(ChoiceKind.CAREGIVER,),
    may=(
        "lire et télécharger les documents",
        OWN_DOCUMENTS,
        "lire les messages et y répondre",
        "compléter le profil médical, les mesures, les vaccinations et l'agenda",
    ),
    may_not=(
        "modifier ou supprimer un document ajouté par un professionnel",
        "masquer un document, autoriser ou bloquer un professionnel",
        "lire l'historique des consultations",
        "nommer un autre proche aidant",
        "fermer ou supprimer {space}",
        "recevoir les avis {sent}",
    ),
)
OWN = {"space": "votre espace", "sent": "qui vous sont envoyés"}
OF_ANOTHER = {"space": "l'espace {of}", "sent": "envoyés pour le profil {of}"}
"""What `may_not` names, in the profile of somebody else: « l'espace de Léo » (PAGES 2, rule 4)."""
ROLE_WORDS = {
    ChoiceKind.PARENT: "parent",
    ChoiceKind.GUARDIAN: "tuteur",
    ChoiceKind.CAREGIVER: "proche aidant",
    ChoiceKind.PARENT_ASKED: "invitation en attente",
    ChoiceKind.CAREGIVER_ASKED: "invitation en attente",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as filled (GEN-10)."""

    nir: str = ""
    nom_naissance: str = ""
    naissance: str = ""
    fin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody who has, or is asked to take, a part."""

    choice: Choice
    name: str
    role: str
    given: bool
    """Access, not an invitation alone."""
    can_end: bool


def sharing_of(request: web.Request) -> Sharing:
    rooms = request[ROOMS]
    return Sharing(
        asking=rooms.read,
        ties=rooms.ties,
        sessions=rooms.sign_in.sessions,
        turns=rooms.sign_in.turns,
    )


async def shared_page(request: web.Request) -> web.Response:
    return await _view(request, SHARED)


async def carers_page(request: web.Request) -> web.Response:
    return await _view(request, CARERS)


async def share(request: web.Request) -> web.Response:
    """Fields `nir nom_naissance naissance fin`."""
    return await _invite(request, SHARED)


async def name_carer(request: web.Request) -> web.Response:
    return await _invite(request, CARERS)


async def end_share(request: web.Request) -> web.Response:
    """Field `id`: the person whose access or invitation ends."""
    return await _end(request, SHARED)


async def end_carer(request: web.Request) -> web.Response:
    return await _end(request, CARERS)


async def _view(
    request: web.Request,
    room: Room,
    *,
    status: int = 422,
    errors: dict[str, str] | None = None,
    typed: Typed | None = None,
) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    permitted = await may_manage(rooms.read, reader, patient, Manage.CAREGIVERS)
    now, choices = permitted.now, await rooms.people.choices(patient)
    held = helpers(choices, permitted.gate.record, now)
    shown = [one for one in (*held, *waiting(choices, now)) if one.kind in (*room.gives, room.asks)]
    minor = is_minor(permitted.gate.record.birth_date, now)
    of = visit.face.of
    return html(
        "family/sharing.html",
        status=status if errors else 200,
        face=visit.face,
        title=title_of(room, of),
        current="/parametres",
        data_page=room.path[1:],
        errors=errors or {},
        done=DONE.get(request.query.get("fait", ""), ""),
        room=room,
        may_not=_may_not(room, of),
        is_open=room is CARERS or minor,
        act=_act(room, of),
        rows=[
            Row(
                choice=one,
                name=await name_of(request, one.target),
                role=ROLE_WORDS[one.kind],
                given=given_in([one]),
                can_end=one.kind not in KINDS or may_end(reader, one, held),
            )
            for one in shown
        ],
        typed=typed or Typed(),
    )


def _may_not(room: Room, of: str) -> list[str]:
    named = {key: said.format(of=of) for key, said in OF_ANOTHER.items()} if of else OWN
    return [one.format(**named) for one in room.may_not]


def title_of(room: Room, of: str) -> str:
    if room is SHARED:
        return f"Partage du profil {of}" if of else "Partage du profil"
    return f"Proches aidants {of}" if of else "Proches aidants"


def _act(room: Room, of: str) -> str:
    if room is SHARED:
        return f"Partager l'accès au profil {of}" if of else "Partager l'accès à mon profil"
    return f"Donner accès au profil {of}" if of else "Donner accès à mon profil"


async def _invite(request: web.Request, room: Room) -> web.Response:
    rooms = request[ROOMS]
    came = rooms.quiet.came()
    patient, reader = request[VISIT].holder()
    typed = Typed(**{one.name: (await field(request, one.name)).strip() for one in fields(Typed)})
    named, ending, errors = _read(request, typed)
    if errors or named is None:
        return await _view(request, room, errors=errors, typed=typed)
    try:
        await sharing_of(request).invite(reader, patient, room.asks, named, ending=ending)
    except NobodyError:
        await rooms.quiet.leave(came)  # the same time, whatever is wrong with the name
        return await _view(request, room, errors={"nir": words.PROFILE_NOT_FOUND}, typed=typed)
    except TakenError as error:
        said = words.CAREGIVERS_FULL if error.why == "full" else words.ALREADY_SHARED
        return await _view(request, room, status=409, errors={"nir": said}, typed=typed)
    return see_other(f"{room.path}?fait=invite")


ASKED = {
    "nir": "Numéro de sécurité sociale",
    "nom_naissance": "Nom de naissance",
    "naissance": "Date de naissance",
}
"""What is asked of whoever is named, by the words of the form."""


def _read(
    request: web.Request, typed: Typed
) -> tuple[Named | None, datetime | None, dict[str, str]]:
    """Who is meant, until when, and what is wrong with the fields."""
    rooms, nir = request[ROOMS], "".join(typed.nir.split()).upper()
    errors = {
        name: words.FILL_IN_ONE.format(label=label)
        for name, label in ASKED.items()
        if not getattr(typed, name)
    }
    if nir and not (len(nir) == INS_CHARACTERS and nir.isascii() and nir.isalnum()):
        errors["nir"] = words.NIR_LENGTH
    born = read_day(typed.naissance)
    if typed.naissance and born is None:
        errors["naissance"] = words.BAD_DATE
    ending = last_day(typed.fin, rooms.clock.now(), "fin", errors)
    if errors or born is None:
        return None, None, errors
    keys = [rooms.names.patient_key(oid, nir) for oid in INS_OIDS[rooms.profile]]
    named = Named(keys=tuple(keys), family=typed.nom_naissance, birth_date=born.isoformat())
    return named, ending, {}


async def _end(request: web.Request, room: Room) -> web.Response:
    patient, reader = request[VISIT].holder()
    target = await field(request, "id")
    if not target:
        raise DeniedError("nobody is named")
    try:
        ended = await sharing_of(request).end(reader, patient, target)
    except EndedError:
        return see_other(f"{room.path}?{ENDED}")
    return see_other(f"{room.path}?fait={'retire' if given_in(ended) else 'annulee'}")


async def name_of(request: web.Request, target: str) -> str:
    """Of whoever a choice names by key in hex."""
    person = await request[ROOMS].people.person(PatientKey(bytes.fromhex(target)))
    return full_name(person) or "Une personne sans espace"


def given_in(choices: Iterable[Choice]) -> bool:
    """Whether any of them gives access already: the others only invite."""
    return any(one.kind in KINDS for one in choices)

"""`/parametres/services` « Services synchronisés »: what may act for this patient, and how far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.access.scopes import scopes_in
from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.act import Permitted, may_manage
from gateway.flows.family.ended import EndedError
from gateway.flows.family.services import Sent, StaleError, connected, version_of
from gateway.records.catalogue.files import ServiceFile, ServiceState
from gateway.records.patients.account import Choice
from gateway.records.readers.access import Manage
from gateway.records.readers.service import READ, SCOPES, WRITE, Service
from gateway.vault import words
from gateway.vault.catalogue.words import REASONS, half_words, tally_words
from gateway.vault.days import last_day
from gateway.vault.forms import fields_of
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, VaultRooms
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PATH = "/parametres/services"
SCOPE_WORDS = {READ: "Lire mes documents", WRITE: "Ajouter des documents de ma part"}
SCOPE_WORDS_FOR = {READ: "Lire les documents {of}", WRITE: "Ajouter des documents au profil {of}"}
"""In the profile of somebody else: « Lire les documents de Léo » (PAGES 2, rule 4)."""
DONE = {
    "retrait": "Autorisation retirée.",
    "retrait-deja": "Cette autorisation était déjà retirée.",
    "arrete": "Service arrêté. Il n'a plus aucun accès.",
    "deja": "Ce service était déjà arrêté. Il n'a plus aucun accès.",
    "signale": "Signalement envoyé. Vous lirez la réponse sur cette page.",
}
STALE = (
    "Votre choix était déjà enregistré, ou il a changé depuis : rien n'a été fait de plus."
    " Voici ce qui est autorisé maintenant."
)
YES = "oui"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`choice` is what is agreed and in force, if anything; `version` what its form was shown
    upon."""

    service: Service
    choice: Choice | None
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """A service of the catalogue that this profile agreed to; `given` are scopes and their words,
    `done` is what was read and written of each kind."""

    file: ServiceFile
    choice: Choice
    stopped: bool
    given: list[tuple[str, str]]
    last_at: datetime | None
    done: list[str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form said, shown again beside its error: of which service, its boxes and its end."""

    service: str = ""
    scopes: tuple[str, ...] = ()
    end: str = ""


NOTHING_TYPED = Typed()


async def services_page(request: web.Request) -> web.Response:
    return await _view(request)


async def _view(
    request: web.Request,
    *,
    errors: dict[str, str] | None = None,
    typed: Typed = NOTHING_TYPED,
    token: str = "",
    stale: str = "",
) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    permitted = await may_manage(rooms.read, reader, patient, Manage.CONSENTS)
    choices = await rooms.people.choices(patient)
    person = await rooms.people.person(patient)
    held = {one.target: one for one in connected(choices, permitted.now, person)}
    catalogue = rooms.services.catalogue
    return html(
        "family/services.html",
        status=409 if stale else 422 if errors else 200,
        face=visit.face,
        title="Services synchronisés",
        current="/parametres",
        data_page=PATH[1:],
        errors=errors or {},
        done=DONE.get(request.query.get("fait", ""), ""),
        rows=[
            Row(service=one, choice=held.get(one.id), version=version_of(choices, one.id))
            for one in catalogue.values()
        ],
        scope_words=_scope_words(visit.face.of),
        launched=await _launched(rooms, permitted, held),
        reports=await rooms.launching.reports.of(permitted.gate.patient),
        reasons=REASONS,
        token=token,
        stale=stale,
        typed=typed,
    )


async def _launched(
    rooms: VaultRooms, permitted: Permitted, held: Mapping[str, Choice]
) -> list[Launched]:
    """What services of the catalogue were given, by name, and what they did with it (APP-06)."""
    uses = {one.service: one for one in await rooms.launching.launches.uses(permitted.gate.patient)}
    found = []
    for listing in await rooms.launching.catalogue.listings():
        if (choice := held.get(listing.file.id)) is None:
            continue
        use = uses.get(listing.file.id)
        found.append(
            Launched(
                file=listing.file,
                choice=choice,
                stopped=listing.state is not ServiceState.LISTED,
                given=[(str(one), half_words(one)) for one in scopes_in(choice.scopes)],
                last_at=use.last_at if use and use.tallies else None,
                done=[tally_words(one) for one in use.tallies] if use else [],
            )
        )
    return found


def _scope_words(of: str) -> dict[str, str]:
    if not of:
        return SCOPE_WORDS
    return {scope: said.format(of=of) for scope, said in SCOPE_WORDS_FOR.items()}


async def connect(request: web.Request) -> web.Response:
    """Fields `service`, one `oui` for each scope (read, write), `fin` and the hidden `version`."""
    rooms, service = request[ROOMS], await field(request, "service")
    patient, reader = request[VISIT].holder()
    if service not in rooms.services.catalogue:
        raise DeniedError("no such service")
    scopes = tuple([one for one in SCOPES if await field(request, one) == YES])
    errors = {} if scopes else {"scope": words.CHOOSE_SCOPE}
    said_end = (await field(request, "fin")).strip()
    ending = last_day(said_end, rooms.clock.now(), "fin", errors)
    if not errors:
        try:
            async with rooms.sign_in.turns.turn(f"service:{patient.hex()}"):
                token = await rooms.services.connect(
                    reader, patient, service, scopes, ending=ending, sent=await _sent(request)
                )
            return await _view(request, token=token)
        except StaleError:
            return await _view(request, stale=STALE)
        except RefusedError:
            errors = {"scope": words.CHOOSE_SCOPE}
    named = {f"{name}-{service}": said for name, said in errors.items()}
    return await _view(request, errors=named, typed=Typed(service, scopes, said_end))


async def _sent(request: web.Request) -> Sent | None:
    """None for a form that does not say what it was shown upon."""
    if "version" not in fields_of(request):
        return None
    return Sent(browser=request[VISIT].secret, version=await field(request, "version"))


async def narrow(request: web.Request) -> web.Response:
    """Fields `service` and `scope`."""
    patient, reader = request[VISIT].holder()
    service, scope = await field(request, "service"), await field(request, "scope")
    try:
        await request[ROOMS].services.narrow(reader, patient, service, scope)
    except EndedError:
        return see_other(f"{PATH}?fait=retrait-deja")
    return see_other(f"{PATH}?fait=retrait")


async def stop(request: web.Request) -> web.Response:
    """Field `service`."""
    patient, reader = request[VISIT].holder()
    try:
        await request[ROOMS].services.stop(reader, patient, await field(request, "service"))
    except EndedError:
        return see_other(f"{PATH}?fait=deja")
    return see_other(f"{PATH}?fait=arrete")

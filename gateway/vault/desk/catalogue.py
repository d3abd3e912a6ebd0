"""`/desk/catalogue`: services are listed by two people (VAULT APP-02), and stopped by one."""

from aiohttp import web

from gateway.errors import DeniedError, RefusedError
from gateway.flows.catalogue.reading import MAX_FILE_BYTES, read_file
from gateway.flows.catalogue.referencing import STOPPING, WITH_TWO, CatalogueDesk, NotJudgedError
from gateway.flows.identity.propose import SamePersonError
from gateway.mapping.oidc.client_assertion import thumbprint_of
from gateway.records.catalogue.files import Listing, ListingProposal, ServiceState
from gateway.vault import words
from gateway.vault.catalogue.words import judgement_words
from gateway.vault.desk.acting import acted, agent_of, reason_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.forms import Uploaded, fields_of
from gateway.vault.porch import see_other, sorry
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PLACE, WAITING = "/desk/catalogue", "/desk/a-valider"
FORM_BYTES = MAX_FILE_BYTES + 8_192
NOTICES = {
    "proposee": "Proposition enregistrée. Une autre personne doit la valider.",
    "arrete": "Service arrêté. Tous ses accès sont fermés et les patients sont avertis.",
}
CHOOSE_FILE = "Choisissez la fiche du service, un fichier JSON."
CHOOSE_STATE = "Choisissez un état."
NOT_JUDGED = "Il manque un avis en cours de validité : sécurité, éthique, interopérabilité."
WAITS_NO_MORE = "Cette proposition n'attend plus : une autre personne y a répondu."
PUBLIC = "aucune (client public)"
NOTHING_TO_STOP = "Ce service est déjà dans cet état, ou il est retiré."


def catalogue_of(request: web.Request) -> CatalogueDesk:
    """Raises DeniedError where this house has no catalogue."""
    found = desk_of(request).catalogue
    if found is None:
        raise DeniedError("there is no catalogue here")
    return found


async def catalogue_page(request: web.Request) -> web.Response:
    return await _view(request)


async def _view(
    request: web.Request, *, errors: dict[str, str] | None = None, reason: str = "", state: str = ""
) -> web.Response:
    agent_of(request)
    desk = catalogue_of(request)
    return desk_html(
        request,
        "catalogue/list",
        title="Catalogue",
        place=PLACE,
        errors=errors or {},
        rows=await desk.listings(),
        waiting=await desk.waiting(),
        states=[one.value for one in WITH_TWO],
        stopping=[one.value for one in STOPPING],
        withdrawn=ServiceState.WITHDRAWN,
        reason=reason,
        state=state,
        notice=NOTICES.get(request.query.get("fait", ""), ""),
    )


async def propose(request: web.Request) -> web.Response:
    """Fields `fiche` (a file), `etat` and `motif`."""
    reason, errors = await reason_of(request)
    said = await field(request, "etat")
    sent = fields_of(request).get("fiche")
    if said not in [one.value for one in WITH_TWO]:
        errors["etat"] = CHOOSE_STATE
    if not isinstance(sent, Uploaded) or not sent.body:
        return await _view(request, errors={"fiche": CHOOSE_FILE, **errors}, reason=reason)
    try:
        file = read_file(sent.body)
    except RefusedError as error:
        errors["fiche"] = f"Cette fiche ne peut pas être lue : {error}"
        return await _view(request, errors=errors, reason=reason, state=said)
    if errors:
        return await _view(request, errors=errors, reason=reason, state=said)
    try:
        await catalogue_of(request).propose(agent_of(request), file, ServiceState(said), reason)
    except NotJudgedError:
        return await _view(request, errors={"fiche": NOT_JUDGED}, reason=reason, state=said)
    return see_other(f"{PLACE}?fait=proposee")


async def stop_page(request: web.Request) -> web.Response:
    """What it does, before it does it (PAGES 2, rule 8). Query `etat`."""
    return await _stop_view(request, request.query.get("etat", ""))


async def _stop_view(
    request: web.Request, state: str, *, errors: dict[str, str] | None = None, reason: str = ""
) -> web.Response:
    agent_of(request)
    wanted = request.match_info["id"]
    listings = await catalogue_of(request).listings()
    found = next((one for one in listings if one.file.id == wanted), None)
    if found is None or state not in [one.value for one in STOPPING]:
        raise DeniedError("no such service")
    return desk_html(
        request,
        "catalogue/stop",
        title=f"Passer {found.file.name} à l'état « {state} »",
        place=PLACE,
        errors=errors or {},
        one=found,
        state=state,
        reason=reason,
    )


async def stop(request: web.Request) -> web.Response:
    """Fields `etat` and `motif`."""
    reason, errors = await reason_of(request)
    state = await field(request, "etat")
    if state not in [one.value for one in STOPPING]:
        raise DeniedError("no such state")
    if errors:
        return await _stop_view(request, state, errors=errors, reason=reason)
    act = catalogue_of(request).stop(
        agent_of(request), request.match_info["id"], ServiceState(state), reason
    )
    return await acted(request, act, then=f"{PLACE}?fait=arrete", over=_nothing_to_stop)


def _nothing_to_stop(request: web.Request, _error: RefusedError) -> web.Response:
    return sorry(request[VISIT], 409, NOTHING_TO_STOP, refusal="etat")


async def proposal_page(request: web.Request) -> web.Response:
    """What a second person agrees to, beside what stands."""
    agent_of(request)
    desk = catalogue_of(request)
    try:
        found = await desk.examine(request.match_info["id"])
    except RefusedError:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    before = next((one for one in await desk.listings() if one.file.id == found.file.id), None)
    return desk_html(
        request,
        "catalogue/agree",
        title="Valider une fiche du catalogue",
        place=f"{WAITING}/catalogue/{found.id}",
        one=found,
        before=before,
        lines=_lines(found, before),
        own=found.by == request[VISIT].agent().number,
    )


def _lines(found: ListingProposal, before: Listing | None) -> list[tuple[str, str, bool]]:
    """Each line of the file: what it is called, what it says, and whether that is new."""
    now = {**_said(found), "état": found.state.value}
    then = {**_said(before), "état": before.state.value} if before else {}
    return [(name, said, then.get(name) != said) for name, said in now.items()]


def _said(one: ListingProposal | Listing) -> dict[str, str]:
    file = one.file
    return {
        "identifiant": file.id,
        "nom": file.name,
        "éditeur": file.publisher,
        "description": file.description,
        "thèmes": ", ".join(file.themes),
        "prix": file.price,
        "régions": ", ".join(file.regions),
        "langues": ", ".join(file.languages),
        "conditions": file.terms,
        "protection des données": file.privacy,
        "autorisations demandées": " ".join(file.scopes),
        "adresses de retour": " ".join(file.redirects),
        "empreinte du secret": file.secret_sha256 or ("aucune" if file.keys else PUBLIC),
        "clés publiques": " · ".join(f"{one['kid']} {thumbprint_of(one)}" for one in file.keys)
        or "aucune",
        "avis": " · ".join(judgement_words(judged) for judged in file.judgements) or "aucun",
    }


async def agree(request: web.Request) -> web.Response:
    """Who proposed it gets 403."""
    try:
        await catalogue_of(request).agree(agent_of(request), request.match_info["id"])
    except SamePersonError:
        return sorry(request[VISIT], 403, words.NOT_THE_SAME_PERSON, refusal="quatre-yeux")
    except NotJudgedError:
        return sorry(request[VISIT], 409, NOT_JUDGED, refusal="avis")
    except RefusedError as error:
        return _over(request, error)
    return see_other(f"{WAITING}?fait=referencee")


async def decline(request: web.Request) -> web.Response:
    act = catalogue_of(request).decline(agent_of(request), request.match_info["id"])
    return await acted(request, act, then=f"{WAITING}?fait=non-referencee", over=_over)


def _over(request: web.Request, _error: RefusedError) -> web.Response:
    return sorry(request[VISIT], 409, WAITS_NO_MORE, refusal="plus-en-attente")

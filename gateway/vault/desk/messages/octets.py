"""« Octets » : bytes of a refused message, asked for with a reason, opened by a second person."""

from collections.abc import Mapping

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.messages.opening import OpeningDesk, Shut, ShutError
from gateway.flows.identity.propose import SamePersonError
from gateway.vault import words
from gateway.vault.desk.acting import acted, agent_of, reason_of
from gateway.vault.desk.frame import NO_ERRORS, desk_html
from gateway.vault.desk.messages.said import MESSAGES
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.words import DOOR_WORDS, HOW_WORDS, sender_words
from gateway.vault.document.listing import page_number
from gateway.vault.porch import see_other, sorry
from gateway.vault.visit import VISIT

WAITING = "/desk/a-valider"
SHUT_WORDS = {
    Shut.NOT_REFUSED: "Les octets ne s'ouvrent que pour un message refusé, qui n'a jamais été "
    "rangé ni mis en attente.",
    Shut.GONE: "Les octets de ce message ne sont pas gardés, ou ne le sont plus.",
    Shut.PERSON: "Les octets de ce message ne s'ouvrent pas : une personne qu'il nomme s'est "
    "opposée, ou son espace est fermé.",
}
NOTICES = {"demande": "Demande enregistrée. Une autre personne doit l'accepter."}
WAITS_NO_MORE = "Cette demande n'attend plus : une autre personne y a répondu, ou elle a expiré."


def opening_desk(request: web.Request) -> OpeningDesk:
    openings = desk_of(request).openings
    if openings is None:
        raise RefusedError("this house opens no bytes at its desk")
    return openings


async def octets_page(request: web.Request) -> web.Response:
    return await _one(request)


async def ask(request: web.Request) -> web.Response:
    """Nothing opens before a second person agreed."""
    reason, errors = await reason_of(request)
    if errors:
        return await _one(request, errors=errors, reason=reason)
    receipt = request.match_info["id"]
    act = opening_desk(request).ask(agent_of(request), receipt, reason=reason)
    then = f"{MESSAGES}/{receipt}/octets?fait=demande"
    return await acted(request, act, then=then, over=_shut)


async def _one(
    request: web.Request, *, errors: Mapping[str, str] = NO_ERRORS, reason: str = ""
) -> web.Response:
    receipt = request.match_info["id"]
    place = f"{MESSAGES}/{receipt}/octets"
    try:
        found = await opening_desk(request).show(
            agent_of(request), receipt, page=page_number(request.query)
        )
    except RefusedError as error:
        return _shut(request, error)
    shown = found.shown
    page, pages = (shown.page, shown.pages) if shown else (1, 1)
    return desk_html(
        request,
        "messages/octets",
        title="Octets",
        place=place,
        errors=errors,
        envelope=found.envelope,
        mine=found.mine,
        shown=shown,
        charset=shown.charset + HOW_WORDS.get(shown.how, "") if shown else "",
        reason=reason,
        notice=NOTICES.get(request.query.get("fait", ""), ""),
        page=page,
        pages=pages,
        previous=f"{place}?page={page - 1}" if page > 1 else "",
        following=f"{place}?page={page + 1}" if page < pages else "",
    )


async def opening_page(request: web.Request) -> web.Response:
    """What a second person agrees to, without the bytes."""
    try:
        opening, envelope = await opening_desk(request).examine(agent_of(request), _id(request))
    except RefusedError as error:
        return _shut(request, error)
    return desk_html(
        request,
        "messages/octets_agree",
        title="Accepter une ouverture",
        place=f"{WAITING}/octets/{opening.id}",
        one=opening,
        envelope=envelope,
        door=DOOR_WORDS[envelope.door],
        sender=sender_words(envelope.sender),
        own=opening.by == request[VISIT].agent().number,
    )


async def agree(request: web.Request) -> web.Response:
    """Who asked gets 403 (VAULT section 16 "Bad input")."""
    try:
        await opening_desk(request).agree(agent_of(request), _id(request))
    except SamePersonError:
        return sorry(request[VISIT], 403, words.NOT_THE_SAME_PERSON, refusal="quatre-yeux")
    except RefusedError as error:
        return _late(request, error)
    return see_other(f"{WAITING}?fait=ouverte")


async def decline(request: web.Request) -> web.Response:
    act = opening_desk(request).decline(agent_of(request), _id(request))
    return await acted(request, act, then=f"{WAITING}?fait=non-ouverte", over=_late)


def _id(request: web.Request) -> str:
    return request.match_info["id"]


def _shut(request: web.Request, error: RefusedError) -> web.Response:
    if isinstance(error, ShutError):
        return sorry(request[VISIT], 403, SHUT_WORDS[error.why], refusal="octets-fermes")
    return sorry(request[VISIT], 404, words.NOT_HERE)


def _late(request: web.Request, error: RefusedError) -> web.Response:
    if isinstance(error, ShutError):
        return _shut(request, error)
    return sorry(request[VISIT], 409, WAITS_NO_MORE, refusal="plus-en-attente")

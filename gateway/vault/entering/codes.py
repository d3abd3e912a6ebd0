"""The page of a code that proves a contact, on both ways into a space."""

from aiohttp import web

from gateway.flows.entering.entrance import ask, ask_again, awaited, prove
from gateway.flows.signing_in.tries import WrongError
from gateway.records.patients.activation import Aim, Draft
from gateway.vault import words as common
from gateway.vault.entering import words
from gateway.vault.entering.activation import last_step
from gateway.vault.entering.steps import CODE, START, on_its_way, place_of, step
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field

TITLES = {Aim.ACTIVATION: words.ACTIVATE, Aim.RECOVERY: words.RECOVER}


def aim_of(request: web.Request) -> Aim:
    return Aim.ACTIVATION if request.path.startswith(START[Aim.ACTIVATION]) else Aim.RECOVERY


async def code_page(request: web.Request) -> web.Response:
    found = on_its_way(request, aim_of(request))
    if isinstance(found, web.Response):
        return found
    notice = common.CODE_SENT if request.query.get("code") == "nouveau" else ""
    return _code(request, found[1], notice=notice)


def _code(
    request: web.Request,
    draft: Draft,
    *,
    errors: dict[str, str] | None = None,
    notice: str = "",
) -> web.Response:
    return step(
        request,
        "code",
        TITLES[draft.aim],
        errors=errors,
        draft=draft,
        action=CODE[draft.aim],
        hint=_hint(draft),
        notice=notice,
    )


def _hint(draft: Draft) -> str:
    """The same for whom nobody knows, until a first code was right."""
    contact = awaited(draft)
    if draft.aim is Aim.RECOVERY or contact is None:
        return words.SENT_IF_KNOWN
    return words.SENT_TO[contact.channel].format(shown=contact.shown)


async def enter_code(request: web.Request) -> web.Response:
    found = on_its_way(request, aim_of(request))
    if isinstance(found, web.Response):
        return found
    session, draft = found
    rooms = request[ROOMS]
    typed = (await field(request, "otp")).strip()
    if not typed:
        return _code(request, draft, errors={"otp": common.CODE_EMPTY})
    came = rooms.quiet.came()
    try:
        proved = await prove(rooms.entrance, session, draft, typed, address=address_of(request))
    except WrongError:
        await rooms.quiet.leave(came)
        return _code(request, draft, errors={"otp": words.CODE_WRONG})
    session = await ask(rooms.entrance, session, proved)
    if proved.agreed and not proved.to_prove:
        return await last_step(request, session, proved)
    return see_other(place_of(proved))


async def new_code(request: web.Request) -> web.Response:
    aim = aim_of(request)
    found = on_its_way(request, aim, page=CODE[aim])
    if isinstance(found, web.Response):
        return found
    await ask_again(request[ROOMS].entrance, *found)
    return see_other(f"{CODE[aim]}?code=nouveau")

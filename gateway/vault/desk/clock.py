"""The demo's one clock, moved forward by an operator (VAULT GEN-04). No way leads back."""

from aiohttp import web

from gateway.errors import DeniedError, RefusedError
from gateway.records.duration import read_duration
from gateway.vault import words
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PLACE = "/desk/horloge"


async def clock_page(request: web.Request) -> web.Response:
    return _clock(request, moved="avance" in request.query)


async def move_clock(request: web.Request) -> web.Response:
    """Answers once all that fell due was done; who moved it stays signed in."""
    desk, session = desk_of(request), request[VISIT].session
    if desk.wind is None or session is None:
        raise DeniedError("this clock is everybody's")
    text = (await field(request, "advance")).strip()
    try:
        await desk.wind(read_duration(text))
    except (ValueError, RefusedError):
        return _clock(request, errors={"advance": words.BAD_DURATION}, advance=text)
    await desk.sign_in.stay(session)
    return see_other(f"{PLACE}?avance=oui")


def _clock(
    request: web.Request,
    *,
    errors: dict[str, str] | None = None,
    advance: str = "",
    moved: bool = False,
) -> web.Response:
    return desk_html(
        request,
        "clock",
        title="Horloge de la démonstration",
        place=PLACE,
        errors=errors or {},
        advance=advance,
        moved=moved,
        now=request[ROOMS].clock.now(),
    )

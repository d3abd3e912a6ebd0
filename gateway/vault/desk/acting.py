"""An act of the desk takes two clicks (PAGES 2, rule 8): who does it, why, and what the second of
two who did it is told."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.agent import agent_reader
from gateway.records.readers.access import Reader
from gateway.vault import words
from gateway.vault.porch import see_other
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import VISIT

REASON = "motif"
MAX_REASON = 500
"""Characters; more is told, never cut: the person concerned may read them."""
Over = Callable[[web.Request, RefusedError], web.Response]


def agent_of(request: web.Request) -> Reader:
    """Who is at the desk, as the rules and the log know him. Raises DeniedError for nobody."""
    return agent_reader(request[VISIT].agent(), address=address_of(request))


async def reason_of(
    request: web.Request, name: str = REASON, *, label: str = "Motif"
) -> tuple[str, dict[str, str]]:
    """What a field gives as the reason; words by field where it is missing or too long."""
    reason = (await field(request, name)).strip()
    if not reason:
        return reason, {name: words.FILL_IN_ONE.format(label=label)}
    if len(reason) > MAX_REASON:
        return reason, {name: words.MOTIVE_TOO_LONG.format(count=len(reason), most=MAX_REASON)}
    return reason, {}


async def acted(
    request: web.Request, act: Awaitable[object], *, then: str, over: Over
) -> web.Response:
    """Goes on to `then`; `over` answers where the act has nothing to act on any more."""
    try:
        await act
    except RefusedError as error:
        return over(request, error)
    return see_other(then)

"""« Mettre en pause », « Reprendre » : the page before each act, and the act (PAGES section 7)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.named import lane_name
from gateway.flows.desk.queues.pauses import PauseDesk
from gateway.vault import words
from gateway.vault.desk.acting import acted, agent_of, reason_of
from gateway.vault.desk.frame import NO_ERRORS, desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.upkeep.queues import PLACE, act_place
from gateway.vault.desk.upkeep.said import who_words
from gateway.vault.porch import sorry
from gateway.vault.visit import VISIT

BACK = (PLACE, "Files")
OVER = "Quelqu'un l'a déjà fait : voyez la liste des files."


async def pause_page(request: web.Request) -> web.Response:
    return await _ask(request)


async def resume_page(request: web.Request) -> web.Response:
    return await _ask(request)


async def pause(request: web.Request) -> web.Response:
    reason, errors = await reason_of(request)
    if errors:
        return await _ask(request, errors=errors, reason=reason)
    act = _pauses(request).pause(agent_of(request), _lane(request), reason)
    return await acted(request, act, then=f"{PLACE}?fait=pause", over=_over)


async def resume(request: web.Request) -> web.Response:
    act = _pauses(request).resume(agent_of(request), _lane(request))
    return await acted(request, act, then=f"{PLACE}?fait=reprise", over=_over)


async def _ask(
    request: web.Request, *, errors: Mapping[str, str] = NO_ERRORS, reason: str = ""
) -> web.Response:
    """The page before an act (PAGES 2, rule 8). Of what somebody did meanwhile it says so."""
    lane = _lane(request)
    try:
        one = await _pauses(request).show(lane)
    except RefusedError:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    place = act_place(one)
    if place != request.path:
        return _over(request)
    return desk_html(
        request,
        "upkeep/lane_resume" if one.pause else "upkeep/lane_pause",
        title="Reprendre l'envoi" if one.pause else "Mettre en pause une destination",
        place=place,
        errors=errors,
        back=BACK,
        action=place,
        receiver=lane_name(lane),
        waiting=one.waiting,
        pause=one.pause,
        by=who_words(one.pause.by) if one.pause else "",
        reason=reason,
    )


def _over(request: web.Request, _error: RefusedError | None = None) -> web.Response:
    return sorry(request[VISIT], 409, OVER, refusal="pause-changee", back=BACK)


def _pauses(request: web.Request) -> PauseDesk:
    pauses = desk_of(request).pauses
    if pauses is None:
        raise RefusedError("this house lets nobody pause its destinations")
    return pauses


def _lane(request: web.Request) -> str:
    return request.match_info["lane"]

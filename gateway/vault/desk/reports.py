"""`/desk/signalements`: what patients report of services, and the answer (VAULT APP-08)."""

from aiohttp import web

from gateway.errors import DeniedError, RefusedError
from gateway.flows.catalogue.reporting import AnsweredError, ReportDesk
from gateway.vault import words
from gateway.vault.catalogue.reporting import said_in
from gateway.vault.catalogue.words import REASONS
from gateway.vault.desk.acting import acted, agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.porch import sorry
from gateway.vault.visit import VISIT

PLACE = "/desk/signalements"
ANSWER = "reponse"
NOTICES = {"repondu": "Réponse envoyée. Le patient la lit dans « Services synchronisés »."}
WAITS_NO_MORE = "Ce signalement n'attend plus de réponse."


def reports_of(request: web.Request) -> ReportDesk:
    """Raises DeniedError where this house has none."""
    found = desk_of(request).reports
    if found is None:
        raise DeniedError("there are no reports here")
    return found


async def reports_page(request: web.Request) -> web.Response:
    agent_of(request)
    return desk_html(
        request,
        "catalogue/reports",
        title="Signalements",
        place=PLACE,
        rows=await reports_of(request).waiting(),
        reasons=REASONS,
        notice=NOTICES.get(request.query.get("fait", ""), ""),
    )


async def one_page(request: web.Request) -> web.Response:
    return await _view(request)


async def _view(
    request: web.Request, *, errors: dict[str, str] | None = None, said: str = ""
) -> web.Response:
    agent_of(request)
    try:
        found = await reports_of(request).examine(request.match_info["id"])
    except AnsweredError:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    return desk_html(
        request,
        "catalogue/report",
        title=f"Signalement de {found.name}",
        place=f"{PLACE}/{found.id}",
        errors=errors or {},
        one=found,
        reason=REASONS[found.reason],
        said=said,
    )


async def answer(request: web.Request) -> web.Response:
    """Field `reponse`, which the patient reads."""
    said, errors = await said_in(request, ANSWER, "Réponse, que le patient lira")
    if errors:
        return await _view(request, errors=errors, said=said)
    act = reports_of(request).answer(agent_of(request), request.match_info["id"], said)
    return await acted(request, act, then=f"{PLACE}?fait=repondu", over=_over)


def _over(request: web.Request, _error: RefusedError) -> web.Response:
    return sorry(request[VISIT], 409, WAITS_NO_MORE, refusal="plus-en-attente")

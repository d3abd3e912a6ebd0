"""`/parametres/services/signaler` « Signaler ce service » (VAULT APP-08)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.catalogue.reporting import (
    MAX_WAITING,
    MAX_WORDS,
    TooManyReportsError,
    report,
    reportable,
)
from gateway.flows.choices.act import may_manage
from gateway.records.catalogue.reports import ReportReason
from gateway.records.readers.access import Manage
from gateway.vault import words
from gateway.vault.catalogue.words import REASONS
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

SERVICES = "/parametres/services"
PATH = f"{SERVICES}/signaler"
CHOOSE_REASON = "Choisissez un motif."
TOO_LONG = "Ce texte compte {count} caractères. Raccourcissez-le à {most} au plus."
TOO_MANY = (
    f"{MAX_WAITING} signalements attendent déjà une réponse. Vous pourrez en envoyer un autre"
    " quand nous aurons répondu."
)
NO_ERRORS: Mapping[str, str] = {}


async def report_page(request: web.Request) -> web.Response:
    """Query `service`."""
    return await _view(request, request.query.get("service", ""))


async def send(request: web.Request) -> web.Response:
    """Fields `service`, `motif` and `texte`."""
    rooms = request[ROOMS]
    patient, reader = request[VISIT].holder()
    service = await field(request, "service")
    reason = await field(request, "motif")
    said, errors = await said_in(request, "texte", "Que s'est-il passé ?")
    if reason not in list(ReportReason):
        errors = {"motif": CHOOSE_REASON, **errors}
    if errors:
        return await _view(request, service, errors=errors, reason=reason, said=said)
    copied = rooms.services.catalogue
    try:
        async with rooms.sign_in.turns.turn(f"service:{patient.hex()}"):
            await report(
                rooms.launching,
                reader,
                patient,
                service,
                ReportReason(reason),
                said,
                copied=copied,
            )
    except TooManyReportsError:
        return sorry(request[VISIT], 409, TOO_MANY, refusal="signalements")
    return see_other(f"{SERVICES}?fait=signale")


async def said_in(request: web.Request, name: str, label: str) -> tuple[str, dict[str, str]]:
    """What a field gives; words by field where it is empty or too long."""
    said = (await field(request, name)).strip()
    if not said:
        return said, {name: words.FILL_IN_ONE.format(label=label)}
    if len(said) > MAX_WORDS:
        return said, {name: TOO_LONG.format(count=len(said), most=MAX_WORDS)}
    return said, {}


async def _view(
    request: web.Request,
    service: str,
    *,
    errors: Mapping[str, str] = NO_ERRORS,
    reason: str = "",
    said: str = "",
) -> web.Response:
    rooms, visit = request[ROOMS], request[VISIT]
    patient, reader = visit.holder()
    permitted = await may_manage(rooms.read, reader, patient, Manage.CONSENTS)
    if len(service) > MAX_WORDS:
        raise DeniedError("no such service")
    named = await reportable(
        rooms.launching, permitted.gate.patient, service, rooms.services.catalogue
    )
    return html(
        "catalogue/report.html",
        status=422 if errors else 200,
        face=visit.face,
        title=f"Signaler {named}",
        current="/parametres",
        data_page=PATH[1:],
        errors=errors,
        service=service,
        reasons=REASONS,
        reason=reason,
        said=said,
    )

"""The table of the vault's routes: which door, which page, who may come in.

`GET /documents/{id}` with an Authorization header is the sender's (CONTRACT section 2): the
daemon hands `receipt`, the handler for it; without one, every request is the patient's.
"""

from aiohttp import hdrs, web

from gateway.records.readers.callers import Caller, callers_of, open_to
from gateway.vault import fhir
from gateway.vault.agenda.routes import AGENDA
from gateway.vault.catalogue import oauth
from gateway.vault.catalogue.routes import CATALOGUE
from gateway.vault.desk.routes import CLOCK, DESK
from gateway.vault.entering.routes import ENTERING
from gateway.vault.exporting.routes import EXPORTING
from gateway.vault.fhir.porch import no_such_type
from gateway.vault.headers import secure
from gateway.vault.leaving.routes import LEAVING
from gateway.vault.linking.routes import LINKING
from gateway.vault.messaging.routes import MESSAGES
from gateway.vault.notices.routes import NOTICES
from gateway.vault.open.routes import OPEN
from gateway.vault.patient.routes import PATIENT
from gateway.vault.porch import Handler, Page, missing, page, see_other
from gateway.vault.pro.routes import PRO
from gateway.vault.profile.routes import PROFILE
from gateway.vault.rooms import VaultRooms
from gateway.vault.vaccination.routes import VACCINATION

RECEIPT_PATH = "/documents/{id}"
NOT_FOR_SENDERS = "Send with POST to /documents, and read GET /documents/{receipt}."
NO_PAGE = Page("*", "/", missing)
PAGES = (
    *(*OPEN, *CATALOGUE, *ENTERING, *LEAVING, *EXPORTING, *LINKING, *PATIENT, *PROFILE),
    *(*VACCINATION, *MESSAGES, *NOTICES, *AGENDA, *PRO, *DESK),
)


def build_vault(rooms: VaultRooms, *, receipt: Handler | None = None) -> list[web.RouteDef]:
    """Every route of the vault; `receipt` answers a sender at `GET /documents/{receipt}`."""
    routes = []
    wound = rooms.desk is not None and rooms.desk.wind is not None
    for one in (*PAGES, *CLOCK) if wound else PAGES:
        door = page(rooms, one)
        if one.path.startswith("/documents") and receipt is not None:
            door = by_credential(receipt if one.path == RECEIPT_PATH else not_for_senders, door)
        routes.append(web.route(one.method, one.path, door))
    return routes + oauth.routes(rooms) + fhir.routes(rooms)


def by_credential(sender: Handler, patient: Handler) -> Handler:
    """With an Authorization header or a client certificate the sender's API, else the page."""

    async def choose(request: web.Request) -> web.StreamResponse:
        if _is_senders(request):
            return await sender(request)
        return await patient(request)

    return open_to(choose, Caller.SENDER, *callers_of(patient))


def _is_senders(request: web.Request) -> bool:
    return hdrs.AUTHORIZATION in request.headers or bool(request.get_extra_info("peercert"))


async def not_for_senders(request: web.Request) -> web.Response:
    """A sender among the patient's pages: JSON, and no cookie is looked at."""
    finding = {
        "code": "not-found",
        "severity": "error",
        "where": request.path,
        "message": NOT_FOR_SENDERS,
    }
    answer = {"receipt": None, "verdict": "refuse", "documents": [], "findings": [finding]}
    response = web.json_response(answer, status=404)
    secure(response.headers, https=request.secure, content_type=response.content_type)
    return response


NOT_OFFERED = 501
"""An operation of FHIR: its address is like that of a resource, and it has no method here."""


def missing_page(rooms: VaultRooms) -> Handler:
    """The 404 of an address that is nobody's: the daemon's last route.

    An address that is somebody's under another method is 405 with Allow (RFC 9110, 15.5.6). To a
    browser that opens the address of a form, as it stands above a page of errors, it is the page
    above it.
    """
    in_words, in_fhir = page(rooms, NO_PAGE), no_such_type(rooms)

    async def choose(request: web.Request) -> web.StreamResponse:
        base = request.path in ("/fhir", "/fhir/")
        fhir = request.path.startswith("/fhir/") and not base
        methods = await _methods(request)
        if not (hdrs.METH_GET in methods or not fhir):  # any type is posted, few are read
            methods = set()
        if request.path.startswith("/documents") and _is_senders(request):
            answer: web.StreamResponse = await not_for_senders(request)
        elif base or fhir:
            answer = await in_fhir(request, methods)
        elif methods == {hdrs.METH_POST} and _opened_in_a_browser(request):
            answer = see_other(request.path.rpartition("/")[0] or "/")
            secure(answer.headers, https=request.secure, content_type="")
            return answer
        else:
            answer = await in_words(request)
        if methods and answer.status != NOT_OFFERED:
            answer.set_status(405)
            answer.headers[hdrs.ALLOW] = ",".join(sorted(methods))
        return answer

    return open_to(choose, Caller.ANYONE)


def _opened_in_a_browser(request: web.Request) -> bool:
    return request.method == hdrs.METH_GET and "text/html" in request.headers.get(hdrs.ACCEPT, "")


async def _methods(request: web.Request) -> set[str]:
    """Those that other routes answer at this address."""
    found: set[str] = set()
    for resource in request.app.router.resources():
        match, methods = await resource.resolve(request)
        if match is None:
            found |= methods
    return found

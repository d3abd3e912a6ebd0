"""The table of the vault's routes: which door, which page, who may come in.

`GET /documents/{id}` with an Authorization header is the sender's (CONTRACT section 2): the
daemon hands `receipt`, the handler for it; without one, every request is the patient's.
"""

from aiohttp import hdrs, web

from gateway.vault import fhir, pro, signin
from gateway.vault.document.bodies import body_page, body_picture
from gateway.vault.fhir.porch import no_such_type
from gateway.vault.headers import secure
from gateway.vault.open import static_pages, verifier
from gateway.vault.patient import choices, documents, journal, simulator
from gateway.vault.patient.history_page import entry_page, history_csv, history_page
from gateway.vault.porch import Guest, Handler, missing, page
from gateway.vault.rooms import VaultRooms

RECEIPT_PATH = "/documents/{id}"
NOT_FOR_SENDERS = "A sender posts to /documents and reads GET /documents/{receipt}."
ANYONE, PATIENT, PROFESSIONAL = Guest.ANYONE, Guest.PATIENT, Guest.PROFESSIONAL

PAGE_OF_A_FILE = r"/image/{number:\d{1,4}}/page/{page:\d{1,4}}"
PAGES: tuple[tuple[str, str, Handler, Guest], ...] = (
    ("GET", "/", documents.home, ANYONE),
    ("GET", "/connexion", signin.sign_in_page, ANYONE),
    ("POST", "/connexion", signin.sign_in, ANYONE),
    ("GET", "/connexion/code", signin.code_page, ANYONE),
    ("POST", "/connexion/code", signin.enter_code, ANYONE),
    ("POST", "/connexion/nouveau", signin.new_code, ANYONE),
    ("POST", "/deconnexion", signin.leave, ANYONE),
    ("GET", "/documents", documents.documents_page, PATIENT),
    ("GET", "/documents/{id}", documents.document_page, PATIENT),
    ("GET", "/documents/{id}/corps", body_page, PATIENT),
    ("GET", r"/documents/{id}/corps/{kind:page|image}/{number:\d{1,4}}", body_picture, PATIENT),
    ("GET", "/documents/{id}/corps" + PAGE_OF_A_FILE, body_picture, PATIENT),
    ("GET", "/documents/{id}/telecharger", documents.download, PATIENT),
    ("POST", "/documents/{id}/visibilite", documents.change_visibility, PATIENT),
    ("POST", "/documents/{id}/libelle", documents.change_label, PATIENT),
    ("GET", "/historique", history_page, PATIENT),
    ("GET", "/parametres/acces", choices.access_page, PATIENT),
    ("POST", "/parametres/acces/accord", choices.give_agreement, PATIENT),
    ("POST", "/parametres/acces/retrait", choices.take_agreement_back, PATIENT),
    ("POST", "/parametres/acces/blocage", choices.change_block, PATIENT),
    ("POST", "/parametres/acces/urgence", choices.change_emergency, PATIENT),
    ("POST", "/parametres/acces/traitant", choices.change_treating, PATIENT),
    ("GET", "/parametres/acces/simulateur", simulator.simulator_page, PATIENT),
    ("GET", "/historique/csv", history_csv, PATIENT),
    ("GET", r"/historique/{number:\d{1,19}}", entry_page, PATIENT),
    ("GET", "/historique/preuve", journal.proof_file, PATIENT),
    ("GET", "/journal/checkpoint", journal.checkpoint, ANYONE),
    ("GET", "/journal/cle", journal.public_key, ANYONE),
    ("GET", "/verifier", verifier.verifier_page, ANYONE),
    ("POST", "/verifier", verifier.check, ANYONE),
    ("GET", "/aide", static_pages.help_page, ANYONE),
    ("GET", "/accessibilite", static_pages.accessibility_page, ANYONE),
    ("GET", "/protection-donnees-personnelles", static_pages.privacy_page, ANYONE),
    ("GET", "/pro", pro.signin.pro_page, ANYONE),
    ("POST", "/pro/connexion", pro.signin.pro_sign_in, ANYONE),
    ("GET", "/pro/psc", pro.psc.go_to_provider, ANYONE),
    ("GET", "/pro/psc/retour", pro.psc.come_back, ANYONE),
    ("GET", "/pro/psc/exercice", pro.psc.situations_page, ANYONE),
    ("POST", "/pro/psc/exercice", pro.psc.choose_situation, ANYONE),
    ("POST", "/pro/patients", pro.find.find_patient, PROFESSIONAL),
    ("GET", "/pro/patients/{patient}", pro.record.record_page, PROFESSIONAL),
    ("POST", "/pro/patients/{patient}/accord", pro.record.record_agreement, PROFESSIONAL),
    ("POST", "/pro/patients/{patient}/refus", pro.record.record_refusal, PROFESSIONAL),
    ("GET", "/pro/patients/{patient}/urgence", pro.emergency.emergency_page, PROFESSIONAL),
    ("POST", "/pro/patients/{patient}/urgence", pro.emergency.enter_emergency, PROFESSIONAL),
    ("POST", "/pro/patients/{patient}/urgence/fin", pro.emergency.leave_emergency, PROFESSIONAL),
    ("GET", "/pro/documents/{id}", pro.documents.pro_document_page, PROFESSIONAL),
    ("POST", "/pro/documents/{id}/annonce", pro.documents.announce_document, PROFESSIONAL),
    ("GET", "/pro/documents/{id}/corps", body_page, PROFESSIONAL),
    (
        "GET",
        r"/pro/documents/{id}/corps/{kind:page|image}/{number:\d{1,4}}",
        body_picture,
        PROFESSIONAL,
    ),
    ("GET", "/pro/documents/{id}/corps" + PAGE_OF_A_FILE, body_picture, PROFESSIONAL),
    ("GET", "/pro/documents/{id}/telecharger", documents.download, PROFESSIONAL),
)
UPLOADS = frozenset({("POST", "/verifier")})
FILES: tuple[tuple[str, Handler], ...] = (
    ("/static/{name}", static_pages.static_file),
    ("/favicon.svg", static_pages.favicon),
    ("/favicon.ico", static_pages.favicon),
)


def build_vault(rooms: VaultRooms, *, receipt: Handler | None = None) -> list[web.RouteDef]:
    """Every route of the vault; `receipt` answers a sender at `GET /documents/{receipt}`."""
    routes = []
    for method, path, handler, guest in PAGES:
        door = page(rooms, handler, guest, upload=(method, path) in UPLOADS)
        if path.startswith("/documents") and receipt is not None:
            door = by_credential(receipt if path == RECEIPT_PATH else not_for_senders, door)
        routes.append(web.route(method, path, door))
    routes += [web.get(path, page(rooms, handler)) for path, handler in FILES]
    return routes + fhir.routes(rooms)


def by_credential(sender: Handler, patient: Handler) -> Handler:
    """With an Authorization header or a client certificate the sender's API, else the page."""

    async def choose(request: web.Request) -> web.StreamResponse:
        if hdrs.AUTHORIZATION in request.headers or request.get_extra_info("peercert"):
            return await sender(request)
        return await patient(request)

    return choose


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


def missing_page(rooms: VaultRooms) -> Handler:
    """The 404 of an address that is nobody's: the daemon's last route.

    An address that is somebody's under another method is 405 with Allow (RFC 9110, 15.5.6).
    """
    in_words, in_fhir = page(rooms, missing), no_such_type(rooms)

    async def choose(request: web.Request) -> web.StreamResponse:
        fhir = request.path.startswith("/fhir/")
        answer = await (in_fhir if fhir else in_words)(request)
        methods = await _methods(request)
        if methods and (hdrs.METH_GET in methods or not fhir):  # any type is posted, few are read
            answer.set_status(405)
            answer.headers[hdrs.ALLOW] = ",".join(sorted(methods))
        return answer

    return choose


async def _methods(request: web.Request) -> set[str]:
    """Those that other routes answer at this address."""
    found: set[str] = set()
    for resource in request.app.router.resources():
        match, methods = await resource.resolve(request)
        if match is None:
            found |= methods
    return found

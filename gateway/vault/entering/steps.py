"""Which page a browser on its way stands at; a page that is not its turn leads there."""

from aiohttp import web

from gateway.records.patients.account import Session, SignedIn
from gateway.records.patients.activation import Aim, Draft
from gateway.vault.porch import CLOSED_SPACE, see_other
from gateway.vault.rendering import html
from gateway.vault.visit import VISIT

START = {
    Aim.ACTIVATION: "/activer",
    Aim.RECOVERY: "/connexion/oublie",
    Aim.OPPOSITION: "/opposition",
    Aim.CLOSED: "/connexion",
}
CODE = {aim: f"{place}/code" for aim, place in START.items()}
ENDS = {aim: f"{place}/fin" for aim, place in START.items()}
CONTACTS, LOGIN, TERMS = "/activer/coordonnees", "/activer/identifiant", "/activer/conditions"
PROOF, NOT_ACTIVATED = "/opposition/preuve", "/opposition/fermer"
NEW_PASSWORD = "/connexion/oublie/mot-de-passe"  # noqa: S105 - an address


def place_of(draft: Draft) -> str:
    """Where this browser goes on."""
    if draft.aim is Aim.CLOSED:
        return CLOSED_SPACE
    if draft.aim is Aim.OPPOSITION:
        return PROOF if draft.done else NOT_ACTIVATED
    if draft.done:
        return ENDS[draft.aim]
    if draft.to_prove:
        return CODE[draft.aim]
    if draft.aim is Aim.RECOVERY:
        return NEW_PASSWORD
    if not draft.reached:
        return CONTACTS
    return TERMS if draft.login else LOGIN


def on_its_way(
    request: web.Request, aim: Aim, *, page: str = ""
) -> tuple[Session, Draft] | web.Response:
    """The session and draft of this browser, if it is the turn of this page (that of the request
    where none is named); else where it goes."""
    session = request[VISIT].session
    if (
        session is None
        or session.who is not SignedIn.GUEST
        or session.draft is None
        or session.draft.aim != aim
    ):
        over = "?fin=session" if request[VISIT].ended else ""
        return see_other(START[aim] + over)
    place = place_of(session.draft)
    return (session, session.draft) if place == (page or request.path) else see_other(place)


async def let_on(request: web.Request) -> web.Response | None:
    """A form that is sent a second time leads where the first one led."""
    session = request[VISIT].session
    if session is None or session.who is not SignedIn.GUEST or session.draft is None:
        return None
    return see_other(place_of(session.draft))


def step(
    request: web.Request,
    name: str,
    title: str,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
    room: str = "entering",
    **more: object,
) -> web.Response:
    visit = request[VISIT]
    return html(
        f"{room}/{name}.html",
        status=422 if errors else status,
        face=visit.face,
        jeton=visit.face.jeton,
        title=title,
        current="",
        data_page=request.path.lstrip("/"),
        errors=errors or {},
        more=more,
    )

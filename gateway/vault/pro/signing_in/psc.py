"""Signing in by Pro Santé Connect: there, back, and the choice of a situation of exercise.

What is refused is said in words on the page and by one word in the log: no token, no name.
"""

from urllib.parse import urlsplit

import structlog
from aiohttp import web

from gateway.access.professions import profession_name
from gateway.flows.signing_in.oidc.pro_signin import ProSignIn
from gateway.flows.signing_in.signin import Ticket
from gateway.mapping.oidc.discovery import LOOPBACK
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.patients.account import Professional, Session
from gateway.vault import words
from gateway.vault.porch import see_other, set_cookie, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import SESSION_COOKIE, VISIT, Visit

log = structlog.get_logger()

AGAIN = "Recommencez depuis « Se connecter avec Pro Santé Connect »."
CHOOSE = "Choisissez un exercice"
CHOICE = "/pro/psc/exercice"
NOT_TRUSTED = f"La réponse de Pro Santé Connect n'a pas pu être vérifiée. {AGAIN}"
EXPLAINED: dict[Why, tuple[int, str]] = {
    Why.STATE: (400, f"Cette connexion a expiré ou a déjà servi. {AGAIN}"),
    Why.ISSUER: (400, f"Cette réponse ne vient pas de Pro Santé Connect. {AGAIN}"),
    Why.CANCELLED: (400, f"Pro Santé Connect n'a pas confirmé votre identité. {AGAIN}"),
    Why.CODE: (401, f"Le code de connexion a expiré ou a déjà servi. {AGAIN}"),
    Why.TOKEN: (401, NOT_TRUSTED),
    Why.ALGORITHM: (401, NOT_TRUSTED),
    Why.HEADER: (401, NOT_TRUSTED),
    Why.KEY: (401, NOT_TRUSTED),
    Why.SIGNATURE: (401, NOT_TRUSTED),
    Why.AUDIENCE: (401, f"Cette connexion était destinée à un autre service. {AGAIN}"),
    Why.TIME: (401, f"Votre connexion n'est plus valable. {AGAIN}"),
    Why.NONCE: (401, f"Cette connexion a déjà servi. {AGAIN}"),
    Why.ACR: (401, "Connectez-vous avec votre carte CPS ou e-CPS."),
    Why.CLAIM: (401, NOT_TRUSTED),
    Why.PERSON: (
        401,
        "Seul un professionnel identifié par son numéro RPPS peut consulter un dossier."
        " Un compte d'établissement ne le peut pas.",
    ),
    Why.PROFESSION: (
        401,
        "Votre profession n'est pas de celles qui ont accès à Mon espace santé."
        " Vérifiez vos exercices dans l'annuaire santé.",
    ),
    Why.SITUATION: (401, CHOOSE),
    Why.BINDING: (401, NOT_TRUSTED),
    Why.REPLAY: (401, f"Cette connexion a déjà servi. {AGAIN}"),
    Why.SILENT: (503, "Pro Santé Connect ne répond pas. Réessayez dans quelques minutes."),
}
"""Status and words of every refusal; a test holds this table to `Why`."""
CHALLENGE = 'Bearer error="invalid_token"'
RETRY_SECONDS = "30"


async def go_to_provider(request: web.Request) -> web.Response:
    """By a link, not a form: `form-action 'self'` would hold the browser back."""
    psc = request[ROOMS].psc
    if psc is None:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    if (elsewhere := _same_machine(request, psc)) is not None:
        return see_other(elsewhere)
    try:
        return see_other(await psc.begin(request[VISIT].secret))
    except NotProvedError as error:
        return _refused(request, error)


def _same_machine(request: web.Request, psc: ProSignIn) -> str | None:
    """Cookies of localhost are not those of 127.0.0.1: the demo goes on under the name that its
    answer comes back to."""
    own = urlsplit(psc.client.redirect_uri)
    others = {f"{name}:{own.port}" for name in LOOPBACK} - {own.netloc}
    if own.hostname not in LOOPBACK or request.host not in others:
        return None
    return f"{own.scheme}://{own.netloc}{request.path}"


async def come_back(request: web.Request) -> web.Response:
    """The redirect_uri; a parameter that comes twice counts as none."""
    rooms = request[ROOMS]
    if rooms.psc is None:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    query = request.query
    answer = {name: query[name] for name in query if len(query.getall(name)) == 1}
    try:
        ticket = await rooms.psc.finish(answer, request[VISIT].secret)
    except NotProvedError as error:
        if error.why is Why.STATE and (place := _let_in_already(request[VISIT])):
            return see_other(place)
        return _refused(request, error)
    return _let_in(request, ticket)


def _let_in_already(visit: Visit) -> str:
    """Where the first of two such answers led; "" for who came in by none."""
    if _choosing(visit.session):
        return CHOICE
    return "/pro" if visit.is_professional else ""


async def situations_page(request: web.Request) -> web.Response:
    session = request[VISIT].session
    return see_other("/pro") if not _choosing(session) else _situations(request)


async def choose_situation(request: web.Request) -> web.Response:
    psc, session = request[ROOMS].psc, request[VISIT].session
    if psc is None or session is None or not _choosing(session):
        return see_other("/pro")
    chosen = await field(request, "exercice")
    if chosen not in {str(number) for number in range(len(session.situations))}:
        return _situations(request, errors={"exercice": CHOOSE})
    return _let_in(request, await psc.choose(session, int(chosen)))


async def leaving(psc: ProSignIn | None) -> str:
    """Where a professional who left us may leave Pro Santé Connect too; "" where nowhere."""
    if psc is None:
        return ""
    return await psc.leaving(psc.client.redirect_uri.removesuffix("/psc/retour")) or ""


def _choosing(session: Session | None) -> bool:
    return session is not None and not session.proved and bool(session.situations)


def _let_in(request: web.Request, ticket: Ticket) -> web.Response:
    response = see_other("/pro" if ticket.session.proved else CHOICE)
    set_cookie(response, request[ROOMS], SESSION_COOKIE, ticket.secret)
    return response


def _refused(request: web.Request, error: NotProvedError) -> web.Response:
    log.warning("psc.refused", reason=error.why.value, route=request.path)
    status, sentence = EXPLAINED[error.why]
    response = sorry(request[VISIT], status, sentence, refusal=f"psc-{error.why}")
    if status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE  # RFC 9110, 15.5.2
    if status == 503:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _situations(request: web.Request, *, errors: dict[str, str] | None = None) -> web.Response:
    visit = request[VISIT]
    return html(
        "pro/situations.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Choisir un exercice",
        current="",
        data_page="pro",
        errors=errors or {},
        situations=[_words_of(one) for one in visit.session.situations] if visit.session else [],
    )


def _words_of(situation: Professional) -> str:
    """« Médecin (SM26) · Cabinet des Charmes »."""
    specialty = f" ({situation.specialty})" if situation.specialty else ""
    where = situation.organization_name or situation.organization or "sans structure"
    return f"{profession_name(situation.profession)}{specialty} · {where}"

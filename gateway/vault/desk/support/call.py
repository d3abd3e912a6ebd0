"""A call: whom the last look-up of this operator found, until it ends.

The session knows of whom the call is; each form says it too, so that a page of an earlier call, in
another tab, changes nobody else's space.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.desk.authority import AuthorityDesk
from gateway.flows.family.profiles import look_at
from gateway.flows.leaving.lookup import SupportDesk
from gateway.flows.leaving.paper import PaperDesk
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.records.patients.patient import PatientKey
from gateway.vault.desk.signin import desk_of
from gateway.vault.porch import see_other, sorry
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

PLACE = "/desk/3422"
PERSON = f"{PLACE}/personne"
OTHER_CALL = "Cette page est celle d'un autre appel. Rien n'a été fait."
WHOSE = "personne"
"""The hidden field of each form of a call."""
Act = Callable[[web.Request, PatientKey], Awaitable[web.Response]]


def support_of(request: web.Request) -> SupportDesk:
    support = desk_of(request).support
    if support is None:
        raise DeniedError(NOT_THERE)
    return support


def papers_of(request: web.Request) -> PaperDesk:
    papers = desk_of(request).papers
    if papers is None:
        raise DeniedError(NOT_THERE)
    return papers


def authorities_of(request: web.Request) -> AuthorityDesk:
    authorities = desk_of(request).authorities
    if authorities is None:
        raise DeniedError(NOT_THERE)
    return authorities


async def call_of(request: web.Request, patient: PatientKey | None) -> None:
    """From now on this operator's call is about this person; about nobody with None."""
    session = request[VISIT].session
    if session is None:
        raise DeniedError(NOT_THERE)
    sessions = request[ROOMS].sign_in.sessions
    await look_at(sessions, session, patient.hex() if patient else "")


def called(request: web.Request) -> PatientKey | None:
    session = request[VISIT].session
    return PatientKey(bytes.fromhex(session.profile)) if session and session.profile else None


def in_a_call(handler: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A page or form about the person of this call; without one, it begins with a look-up."""

    async def enter(request: web.Request) -> web.Response:
        patient = called(request)
        if patient is None:
            return see_other(PLACE)
        if request.method == "POST" and await field(request, WHOSE) != patient.hex():
            return sorry(request[VISIT], 409, OTHER_CALL, refusal="autre-appel")
        return await handler(request, patient)

    return enter

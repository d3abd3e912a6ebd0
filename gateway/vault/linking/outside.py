"""Somebody comes with a link: the code is asked, then one document is shown, and nothing else.

Nobody is signed in here. The ticket of a reading stands in a cookie of its own; without the code
nothing tells whether an address is one, or of whom.
"""

from functools import partial

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.attesting.room import SEEN, TAKEN
from gateway.flows.linking.opening import (
    NotOpenedError,
    open_link,
    reading,
    reading_of_attestation,
)
from gateway.flows.reading.read import Opened
from gateway.flows.signing_in.tries import hash_secret
from gateway.records.patients.attestation import Attestation, written
from gateway.records.patients.share_link import MOST_READINGS, ShareLink
from gateway.vault.document.opening import OPENS, Opens
from gateway.vault.linking import words as said
from gateway.vault.patient.documents import facts_of
from gateway.vault.porch import Handler, see_other, set_cookie
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, linking_of
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.vaccination.attestation import attestation_answer, verifier_of
from gateway.vault.vaccination.paper import days_of, standing_of
from gateway.vault.visit import VISIT, cookie_name

READING_COOKIE = "lecture-{link}"
"""Of one link: who reads two keeps both."""
SECRET = r"/lien/{secret:[A-Za-z0-9_-]{43}}"  # noqa: S105 — how an address looks
DOCUMENT = f"{SECRET}/document"
UNPROCESSABLE = 422


async def code_page(request: web.Request) -> web.Response:
    linking_of(request)
    return _asked(request)


async def enter_code(request: web.Request) -> web.Response:
    """Field `code`; an unknown address and a wrong code are told alike, and on a tick."""
    room, quiet = linking_of(request), request[ROOMS].quiet
    came, typed = quiet.came(), (await field(request, "code")).strip()
    if not typed:
        return _asked(request, errors={"code": said.NO_CODE})
    secret = request.match_info["secret"]
    try:
        link, ticket = await open_link(room, secret, typed, address=address_of(request))
    except NotOpenedError:
        await quiet.leave(came)
        return _asked(request, errors={"code": said.NOT_OPENED})
    what = "attestation" if link.is_attestation else "document"
    response = see_other(f"{said.OUTSIDE}/{secret}/{what}")
    set_cookie(response, request[ROOMS], _cookie(secret), ticket)
    return response


def _asked(request: web.Request, *, errors: dict[str, str] | None = None) -> web.Response:
    return html(
        "linking/code.html",
        status=UNPROCESSABLE if errors else 200,
        face=request[VISIT].face,
        title=said.SHARED,
        current="",
        data_page="lien",
        path=request.path,
        errors=errors or {},
    )


async def outside_page(request: web.Request) -> web.Response:
    """The document, its facts and files. Once the reading is over, the code is asked again."""
    try:
        link, opened = await _reading(request, "open")
    except DeniedError:
        return see_other(f"{said.OUTSIDE}/{request.match_info['secret']}")
    return html(
        "linking/outside.html",
        face=request[VISIT].face,
        current="",
        data_page="lien/document",
        wide=True,
        base=request.path,
        by=link.by_name,
        until=link.until,
        readings=link.readings,
        most=MOST_READINGS,
        errors={},
        more=facts_of(opened, for_patient=False),
    )


async def attestation_page(request: web.Request) -> web.Response:
    """An attestation for a school, and the code by which it is checked."""
    try:
        link, one = await _attested(request, SEEN)
    except DeniedError:
        return see_other(f"{said.OUTSIDE}/{request.match_info['secret']}")
    return html(
        "linking/attestation.html",
        face=request[VISIT].face,
        title="Attestation de vaccination",
        current="",
        data_page="lien/attestation",
        base=request.path,
        one=one,
        standing=standing_of(one),
        valences=[(row.title, days_of(row.days)) for row in one.valences],
        code=written(one.code),
        verifier=verifier_of(request),
        by=link.by_name,
        until=link.until,
        readings=link.readings,
        most=MOST_READINGS,
        errors={},
    )


async def attestation_file(request: web.Request) -> web.Response:
    _, one = await _attested(request, TAKEN)
    return await attestation_answer(request, one)


async def _attested(request: web.Request, act: str) -> tuple[ShareLink, Attestation]:
    return await reading_of_attestation(
        linking_of(request),
        request.match_info["secret"],
        _ticket(request),
        act=act,
        address=address_of(request),
    )


def outside(handler: Handler) -> Handler:
    """A page of a document, for who reads it by a link."""

    async def enter(request: web.Request) -> web.StreamResponse:
        request[OPENS] = Opens(partial(_opens, request))
        return await handler(request)

    return enter


async def _opens(request: web.Request, act: str) -> Opened:
    _, opened = await _reading(request, act)
    return opened


async def _reading(request: web.Request, act: str) -> tuple[ShareLink, Opened]:
    return await reading(
        linking_of(request),
        request.match_info["secret"],
        _ticket(request),
        act=act,
        address=address_of(request),
    )


def _ticket(request: web.Request) -> str:
    name = _cookie(request.match_info["secret"])
    return request.cookies.get(cookie_name(request[ROOMS], name), "")


def _cookie(secret: str) -> str:
    return READING_COOKIE.format(link=hash_secret(secret).hex()[:16])

"""« Attestation pour l'école »: made, shown with its code, taken along, withdrawn (VAC-05)."""

import asyncio

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.attesting.make import NoBirthError, WithdrawnError, make, see, take, withdraw
from gateway.flows.linking.attested import make_for_school
from gateway.flows.linking.giving import TooManyLinksError
from gateway.records.patients.attestation import Attestation, written
from gateway.vault.fhir.porch import origin_of
from gateway.vault.linking.words import GIVEN, TOO_MANY
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import MORE, html
from gateway.vault.rooms import ROOMS, attesting_of, linking_of
from gateway.vault.signing_in.signin import field
from gateway.vault.vaccination import words as said
from gateway.vault.vaccination.paper import attestation_pdf, days_of, standing_of
from gateway.vault.visit import VISIT

HERE = f"{said.PATH}/attestation"
FILE = "attestation-vaccination.pdf"
UNPROCESSABLE, FORBIDDEN, CONFLICT, GONE = 422, 403, 409, 410


def verifier_of(request: web.Request) -> str:
    """Where anybody checks a code."""
    return f"{origin_of(request)}/verifier"


async def make_attestation(request: web.Request) -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    try:
        made = await make(attesting_of(request), reader, patient)
    except NoBirthError:
        return sorry(visit, UNPROCESSABLE, said.NO_BIRTH, refusal="naissance", back=said.BACK)
    except DeniedError:
        return sorry(visit, FORBIDDEN, said.ONLY_FOR_A_CHILD, refusal="attestation", back=said.BACK)
    return see_other(f"{HERE}/{made.id}?fait=attestation")


async def attestation_page(request: web.Request) -> web.Response:
    return await _page(request, "vaccination/attestation.html", said.ATTESTATION)


async def withdraw_page(request: web.Request) -> web.Response:
    """PAGES section 2, rule 8."""
    return await _page(request, "vaccination/withdraw.html", "Retirer cette attestation")


async def _page(request: web.Request, template: str, title: str) -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    name = request.match_info["id"]
    one = await see(attesting_of(request), reader, patient, name)
    return html(
        template,
        face=visit.face,
        title=title,
        current=MORE,
        data_page=HERE[1:],
        one=one,
        path=f"{HERE}/{one.id}",
        code=written(one.code),
        verifier=verifier_of(request),
        standing=standing_of(one),
        valences=[(row.title, days_of(row.days)) for row in one.valences],
        done=said.DONE.get(request.query.get("fait", ""), ""),
        links=request[ROOMS].linking is not None,
        key=request[ROOMS].ids.identifier(),
    )


async def download(request: web.Request) -> web.Response:
    """As PDF; its name tells nobody."""
    visit = request[VISIT]
    patient, reader = visit.holder()
    try:
        one = await take(attesting_of(request), reader, patient, request.match_info["id"])
    except WithdrawnError:
        return _withdrawn(request, GONE)
    return await attestation_answer(request, one)


async def attestation_answer(request: web.Request, one: Attestation) -> web.Response:
    body = await asyncio.to_thread(attestation_pdf, one, address=verifier_of(request))
    return web.Response(
        body=body,
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": f'attachment; filename="{FILE}"',
        },
    )


async def send_by_link(request: web.Request) -> web.Response:
    """Field `cle`: a link of 30 days to this attestation (VAULT VAC-05)."""
    patient, reader = request[VISIT].holder()
    name, room, key = request.match_info["id"], linking_of(request), await field(request, "cle")
    try:
        await make_for_school(room, attesting_of(request), reader, patient, name, key=key)
    except WithdrawnError:
        return _withdrawn(request, CONFLICT)
    except TooManyLinksError:
        return sorry(request[VISIT], CONFLICT, TOO_MANY, refusal="liens", back=said.BACK)
    return see_other(f"{GIVEN}?fait=lien")


async def withdraw_attestation(request: web.Request) -> web.Response:
    patient, reader = request[VISIT].holder()
    try:
        await withdraw(attesting_of(request), reader, patient, request.match_info["id"])
    except WithdrawnError:
        return _withdrawn(request, CONFLICT)
    return see_other(f"{said.PATH}?fait=retrait")


def _withdrawn(request: web.Request, status: int) -> web.Response:
    return sorry(request[VISIT], status, said.ALREADY_WITHDRAWN, refusal="retiree", back=said.BACK)

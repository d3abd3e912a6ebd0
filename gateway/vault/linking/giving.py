"""A link is made to one document; those in force are listed with address and code; one ends."""

from aiohttp import web

from gateway.flows.linking.giving import (
    MOST_SIGNS,
    Given,
    TooManyLinksError,
    end,
    find_in,
    given,
    make,
    shareable,
)
from gateway.records.patients.attestation import written
from gateway.records.patients.share_link import LEAST_DAYS, MOST_DAYS, MOST_READINGS, USUAL_DAYS
from gateway.vault import words
from gateway.vault.fhir.porch import origin_of
from gateway.vault.linking import words as said
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, linking_of
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

UNPROCESSABLE, CONFLICT = 422, 409
ATTESTATION = "/vaccination/attestation"
CONFIRM = f"{said.GIVEN}/retrait"


async def form_page(request: web.Request) -> web.Response:
    return await _form(request, days=str(USUAL_DAYS), to="", key=request[ROOMS].ids.identifier())


async def make_link(request: web.Request) -> web.Response:
    """Fields `jours`, `pour` (may be empty), `cle`."""
    patient, reader = request[VISIT].holder()
    document, room = request.match_info["id"], linking_of(request)
    days, to = (await field(request, "jours")).strip(), (await field(request, "pour")).strip()
    key = await field(request, "cle")
    errors = _wrong(days, to)
    if errors:
        return await _form(request, days=days, to=to, key=key, errors=errors)
    try:
        await make(room, reader, patient, document, days=int(days), to=to, key=key)
    except TooManyLinksError:
        told = {"": said.TOO_MANY}
        return await _form(request, days=days, to=to, key=key, errors=told, status=CONFLICT)
    return see_other(f"{said.GIVEN}?fait=lien")


def _wrong(days: str, to: str) -> dict[str, str]:
    errors = {}
    is_number = days.isascii() and days.isdigit() and len(days) <= len(str(MOST_DAYS))
    if not is_number or not LEAST_DAYS <= int(days) <= MOST_DAYS:
        errors["jours"] = said.BAD_DAYS
    if len(to) > MOST_SIGNS or not to.isprintable():
        errors["pour"] = said.BAD_TO
    return errors


async def _form(
    request: web.Request,
    *,
    days: str,
    to: str,
    key: str,
    errors: dict[str, str] | None = None,
    status: int = UNPROCESSABLE,
) -> web.Response:
    visit, document = request[VISIT], request.match_info["id"]
    patient, reader = visit.holder()
    found = await shareable(linking_of(request), reader, patient, document)
    return html(
        "linking/form.html",
        status=status if errors else 200,
        face=visit.face,
        title=said.SHARE,
        current="/documents",
        data_page=f"documents/{document}/lien",
        document=found.shelved.card.title or words.UNTITLED,
        base=f"/documents/{document}",
        readings=MOST_READINGS,
        days=days,
        to=to,
        key=key,
        errors=errors or {},
    )


async def given_page(request: web.Request) -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    links = await given(linking_of(request), reader, patient)
    return html(
        "linking/given.html",
        face=visit.face,
        title=said.TITLE,
        current="/documents",
        data_page=said.GIVEN[1:],
        links=[_row(request, one) for one in links],
        readings=MOST_READINGS,
        errors={},
        done=said.DONE.get(request.query.get("fait", ""), ""),
    )


async def end_page(request: web.Request) -> web.Response:
    """By GET, field `lien` (PAGES section 2, rule 8); one that is over leads to the list."""
    visit = request[VISIT]
    patient, reader = visit.holder()
    links = await given(linking_of(request), reader, patient)
    found = find_in(links, request.query.get("lien", ""))
    if found is None:
        return see_other(f"{said.GIVEN}?fait=retrait")
    return html(
        "linking/end.html",
        face=visit.face,
        title="Retirer ce lien",
        current="/documents",
        data_page=CONFIRM[1:],
        place=CONFIRM,
        back=said.GIVEN,
        one=_row(request, found),
    )


async def end_link(request: web.Request) -> web.Response:
    patient, reader = request[VISIT].holder()
    await end(linking_of(request), reader, patient, await field(request, "lien"))
    return see_other(f"{said.GIVEN}?fait=retrait")


def _row(request: web.Request, one: Given) -> dict[str, object]:
    link = one.link
    return {
        "id": link.id,
        "place": f"/documents/{one.card.id}" if one.card else f"{ATTESTATION}/{link.document}",
        "title": (one.card.title or words.UNTITLED) if one.card else said.FOR_SCHOOL,
        "to": link.to,
        "by": link.by_name,
        "until": link.until,
        "readings": link.readings,
        "opens": one.reads,
        "spent": link.is_spent,
        "address": f"{origin_of(request)}{said.OUTSIDE}/{link.secret}",
        "code": written(link.code),
    }

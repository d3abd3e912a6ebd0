"""« Supprimer » and « Corbeille » (VAULT DOC-07, DOC-08)."""

from aiohttp import web

from gateway.flows.depositing.bin import MAX_DELETED, ChangedMeanwhileError
from gateway.flows.depositing.by_patient import NotOwnError
from gateway.flows.depositing.directives import DirectivesStandError
from gateway.flows.reading.listing import Filters
from gateway.records.documents.shelved import Card
from gateway.vault.document.listing import row_of
from gateway.vault.forms import fields_of
from gateway.vault.patient.own import words as said
from gateway.vault.patient.own.deposit import not_own
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

BIN = "/documents/corbeille"
MAX_OFFERED = 200
"""Own documents that the page offers to choose from, the newest."""


async def delete_page(request: web.Request) -> web.Response:
    """Those of the address, chosen; without any, the own documents to choose from."""
    wanted = request.query.getall("documents", [])
    if not wanted:
        return await _page(request, await _own(request), chosen=frozenset())
    read, (_, reader) = request[ROOMS].read, request[VISIT].holder()
    cards = []
    for one in dict.fromkeys(wanted[:MAX_DELETED]):
        opened = await read.open_document(reader, one)
        if not opened.card.by_patient:
            return not_own(request)
        cards.append(opened.card)
    return await _page(request, cards, chosen=frozenset(wanted))


async def delete(request: web.Request) -> web.Response:
    """303 to the bin once they are all in it; else nothing is deleted."""
    _, reader = request[VISIT].holder()
    fields = fields_of(request).getall("documents", [])
    wanted = list(dict.fromkeys(one for one in fields if isinstance(one, str)))
    if not 0 < len(wanted) <= MAX_DELETED:
        errors = {"documents": said.TOO_MANY if wanted else said.CHOOSE_SOME}
        return await _page(request, await _own(request), chosen=frozenset(wanted), errors=errors)
    try:
        await request[ROOMS].bin.throw(reader, wanted)
    except NotOwnError:
        return not_own(request)
    except ChangedMeanwhileError:
        return sorry(request[VISIT], 409, said.CHANGED_SOME, refusal="version")
    return see_other(f"{BIN}?fait=supprime")


async def bin_page(request: web.Request) -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    thrown = await request[ROOMS].bin.thrown(reader, patient)
    return html(
        "patient/own/bin.html",
        face=visit.face,
        title="Corbeille",
        current="/documents",
        data_page="documents/corbeille",
        done=said.DELETED if request.query.get("fait") == "supprime" else "",
        thrown=[(row_of(one.card), one.until) for one in thrown],
    )


async def take_out(request: web.Request) -> web.Response:
    _, reader = request[VISIT].holder()
    document = request.match_info["id"]
    try:
        await request[ROOMS].bin.take_out(reader, document)
    except DirectivesStandError as error:
        told = said.WRITTEN if error.written else said.FILED
        return sorry(request[VISIT], 409, told, refusal="directives", back=(BIN, "Corbeille"))
    return see_other(f"/documents/{document}?fait=restaure")


async def _own(request: web.Request) -> list[Card]:
    patient, reader = request[VISIT].holder()
    own = Filters(own=True, archived=None)
    listing = await request[ROOMS].read.search(reader, patient, own)
    return list(listing.cards[:MAX_OFFERED])


async def _page(
    request: web.Request,
    cards: list[Card],
    *,
    chosen: frozenset[str],
    errors: dict[str, str] | None = None,
) -> web.Response:
    visit = request[VISIT]
    return html(
        "patient/own/delete.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Supprimer des documents",
        current="/documents",
        data_page="documents/supprimer",
        errors=errors or {},
        rows=[row_of(card) for card in cards],
        chosen=chosen,
        most=MAX_DELETED,
    )

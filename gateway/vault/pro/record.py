"""One record before a professional: the five conditions, documents by label, what he may do."""

from aiohttp import web

from gateway.flows.choices.relation import agreements_of, may_record
from gateway.flows.depositing.own import UNTYPED
from gateway.flows.entries.urgent import urgent_entries
from gateway.flows.reading.coded.urgent import urgent_view
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.listing import Filters, Listing, Sort
from gateway.records.readers.access import AccessAction
from gateway.records.readers.own_try import Tried
from gateway.vault import words
from gateway.vault.document.listing import (
    BESIDE_ME,
    Asked,
    label_boxes,
    page_address,
    page_of,
    sentence,
)
from gateway.vault.document.urgent import UrgentPage, urgent_page
from gateway.vault.pro.band import band_of
from gateway.vault.pro.deposit.pages import why_not
from gateway.vault.pro.find import record_address
from gateway.vault.pro.patient import patient_of, who_of
from gateway.vault.pro.shelves import asked_here, shelves_of, types_in
from gateway.vault.pro.tries import note
from gateway.vault.profile.urgent import with_entries
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

DONE = {
    "accord": "Accord enregistré",
    "refus": "Refus enregistré",
    "annonce": "Document rendu visible au patient",
    "urgence": "Accès en urgence ouvert",
    "fin-urgence": "Accès en urgence terminé",
}
NO_FILTER = Filters(sort=Sort.LABEL)
SOMEBODY_ELSE = "another professional"
OWN_REASONS = {
    "F12": words.UNQUALIFIED,
    "F40": words.NOT_A_CARER,
    "F41": words.NOT_A_CARER,
}
"""What keeps a reader out that is no choice of the patient: only these are told (CHO-04)."""


async def record_page(request: web.Request) -> web.Response:
    return await record_view(request)


async def record_view(
    request: web.Request,
    *,
    errors: dict[str, str] | None = None,
    status: int = 422,
    told: dict[str, str] | None = None,
) -> web.Response:
    """`told` are the values of the agreement's form as they were typed."""
    visit, rooms = request[VISIT], request[ROOMS]
    reader, key = visit.anybody(), patient_of(request)
    asked = asked_here(request.query)
    if asked.filters == NO_FILTER:
        listing = await rooms.read.list_documents(reader, key, sort=Sort.LABEL)
    else:
        listing = await rooms.read.search(reader, key, asked.filters)
    gate = await rooms.read.gate(reader, key)
    await note(request, Tried.RECORD, permitted=listing.standing.permitted, patient=key)
    cards, page, pages = page_of(listing.cards, asked.page)
    path = record_address(key)
    wrong = {**asked.errors, **(errors or {})}
    return html(
        "pro/record.html",
        status=status if wrong else 200,
        face=visit.face,
        title="Documents du patient",
        current="",
        data_page="pro/patients",
        wide=True,
        errors=wrong,
        done=DONE.get(request.query.get("fait", ""), ""),
        address=path,
        emergency=await band_of(request, gate),
        asked=asked,
        labels=label_boxes(listing, asked),
        types=types_in(listing),
        shelves=shelves_of(gate, listing, cards),
        sentence=sentence(len(listing.cards), asked, me=BESIDE_ME),
        page=page,
        pages=pages,
        previous=page_address(path, asked, page - 1) if page > 1 else "",
        following=page_address(path, asked, page + 1) if page < pages else "",
        told=told or {},
        urgent=await _urgent(request, gate, listing, asked),
        more=await _acts(request, gate, listing),
    )


async def _urgent(
    request: web.Request, gate: Gate, listing: Listing, asked: Asked
) -> UrgentPage | None:
    """The emergency view stands first on the page of who came in by the emergency door."""
    if not gate.is_emergency or asked.active or asked.page > 1 or not listing.standing.permitted:
        return None
    read, medical = request[ROOMS].read, request[ROOMS].medical
    view = urgent_page(await urgent_view(read, gate.reader, gate.patient, listing.cards))
    if medical is None:
        return view
    return with_entries(view, await urgent_entries(medical.listing, gate.reader, gate.patient))


async def _acts(request: web.Request, gate: Gate, listing: Listing) -> dict[str, object]:
    """Who the patient is to this reader, and what he may do beside reading."""
    rooms, reader = request[ROOMS], gate.reader
    standing, deposit = listing.standing, gate.may(AccessAction.DEPOSIT, UNTYPED)
    choices = await rooms.people.choices(gate.patient)
    return {
        "refused": "" if standing.permitted else OWN_REASONS.get(standing.rule, words.NOT_ALLOWED),
        "own_reason": standing.rule in OWN_REASONS,
        "conditions": gate.conditions(),
        "who": who_of(gate, await rooms.people.person(gate.patient)),
        "team": (reader.organisation_name or reader.team or "") if reader.team else "",
        "no_deposit": "" if deposit.permitted else why_not(deposit),
        "agreements": agreements_of(gate, choices),
        "may_vouch": may_record(gate, SOMEBODY_ELSE),
        "professional": reader.name,
    }

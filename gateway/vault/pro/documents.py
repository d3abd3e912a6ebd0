"""One document before a professional, and its announcement to the patient (PAGES section 6)."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.choices.announce import announce
from gateway.records.readers.own_try import Tried
from gateway.vault.patient.documents import facts_of
from gateway.vault.porch import see_other
from gateway.vault.pro.band import band_of
from gateway.vault.pro.find import record_address
from gateway.vault.pro.patient import who_of
from gateway.vault.pro.tries import note
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT


async def pro_document_page(request: web.Request) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    document = request.match_info["id"]
    try:
        opened = await rooms.read.open_document(visit.anybody(), document)
    except DeniedError:
        await note(request, Tried.DOCUMENT, permitted=False)
        raise
    return html(
        "document.html",
        face=visit.face,
        current="",
        data_page=f"pro/documents/{document}",
        wide=True,
        back=f"/pro/patients/{opened.card.patient.hex()}",
        back_words="Documents du patient",
        who=who_of(opened.gate, await rooms.people.person(opened.card.patient)),
        base=f"/pro/documents/{document}",
        newer_base="/pro/documents/",
        done="",
        may_mask=False,
        emergency=await band_of(request, opened.gate),
        label_choices=(),
        lines=None,
        versions=(),
        newer=await rooms.read.newer(opened),
        sight=None,
        more=facts_of(opened, for_patient=False),
    )


async def announce_document(request: web.Request) -> web.Response:
    """« Rendre visible au patient »: the announcement consultation took place."""
    read, reader = request[ROOMS].read, request[VISIT].anybody()
    patient = await announce(read, reader, request.match_info["id"])
    return see_other(f"{record_address(patient)}?fait=annonce")

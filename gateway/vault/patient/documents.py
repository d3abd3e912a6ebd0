"""The patient's documents: the home page, the list, one document, masking, downloading."""

from aiohttp import web

from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.documents.mask import mask, unmask
from gateway.flows.choices.documents.relabel import relabel
from gateway.flows.linking.room import can_be_given
from gateway.flows.measures.proposing import brings_measures
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.listing import NO_FILTER
from gateway.flows.reading.read import Opened
from gateway.mapping.labels import LABEL_TEXTS
from gateway.mapping.labels.own import PAPERS, PAPERS_SHELF
from gateway.records.documents.document import Document, Label
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.vault import words
from gateway.vault.days import last_day
from gateway.vault.document.bodies import can_preview, previewed
from gateway.vault.document.downloads import attachment, pdf_attachment
from gateway.vault.document.inside import holds_pdf, pdf_of
from gateway.vault.document.listing import (
    BESIDE_ME,
    ME,
    SORT_OPTIONS,
    asked_of,
    choices_of,
    holders_boxes,
    page_address,
    page_of,
    row_of,
    sentence,
    sort_name,
)
from gateway.vault.document.opening import opened_for
from gateway.vault.patient.history import (
    by_others,
    lines_of,
)
from gateway.vault.patient.own.deposit import may_change as may_change_own
from gateway.vault.patient.own.deposit import may_delete
from gateway.vault.patient.own.words import DONE as OWN_DONE
from gateway.vault.patient.own.words import HELD
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

RECENT, LAST_LINES = 5, 3
LINES_OF_A_DOCUMENT = 50
DONE = {"oui": words.MASKED, "non": words.UNMASKED}
RELABELLED = {"change": words.RELABELLED, "origine": words.LABEL_GIVEN_BACK}


async def documents_page(request: web.Request) -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    asked = asked_of(request.query)
    me = BESIDE_ME if visit.face.of else ME
    read = request[ROOMS].read
    if asked.filters == NO_FILTER:
        listing = await read.list_documents(reader, patient)
    else:
        listing = await read.search(reader, patient, asked.filters)
    cards, page, pages = page_of(listing.cards, asked.page)
    return html(
        "patient/documents.html",
        status=422 if asked.errors else 200,
        face=visit.face,
        title=visit.face.shelf,
        current="/documents",
        data_page="documents",
        wide=True,
        errors=asked.errors,
        asked=asked,
        labels=holders_boxes(listing, asked),
        papers=listing.papers,
        papers_shelf=PAPERS_SHELF,
        held=HELD if request.query.get("depot") == "attente" else "",
        choices=choices_of(asked, me=me),
        sorts=SORT_OPTIONS,
        sort=sort_name(asked.filters.sort),
        rows=[row_of(card) for card in cards],
        sentence=sentence(len(listing.cards), asked, me=me),
        page=page,
        pages=pages,
        previous=page_address("/documents", asked, page - 1) if page > 1 else "",
        following=page_address("/documents", asked, page + 1) if page < pages else "",
    )


async def document_page(request: web.Request) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    document = request.match_info["id"]
    opened = await rooms.read.open_document(reader, document)
    lines = None
    if visit.face.reads_history:
        traces = await rooms.read.history(
            reader, patient, document, limit=LINES_OF_A_DOCUMENT, wanted=by_others(reader)
        )
        lines = lines_of(traces, reader)
    brings = False
    if rooms.medical is not None and opened.card.results > 0:
        rows = await rooms.read.observations(opened)
        brings = await brings_measures(rooms.medical.look, opened, rows)
    is_current = opened.card.status is DocumentStatus.CURRENT
    may_change = visit.face.manages and is_current
    return html(
        "document.html",
        face=visit.face,
        current="/documents",
        data_page=f"documents/{document}",
        wide=True,
        back="/documents",
        back_words=visit.face.shelf,
        base=f"/documents/{document}",
        newer_base="/documents/",
        done=DONE.get(request.query.get("masque", ""), "")
        or RELABELLED.get(request.query.get("libelle", ""), "")
        or OWN_DONE.get(request.query.get("fait", ""), ""),
        brings_measures=brings,
        may_change=may_change_own(opened),
        may_delete=may_delete(opened),
        may_send=is_current and rooms.messages is not None,
        may_mask=may_change,
        may_link=may_change and rooms.linking is not None and can_be_given(opened.card),
        label_choices=LABEL_TEXTS.items() if may_change else (),
        lines=lines,
        versions=await rooms.read.versions(opened),
        newer=await rooms.read.newer(opened),
        sight=await rooms.read.who_may_see(opened),
        more=facts_of(opened),
    )


def facts_of(opened: Opened, *, for_patient: bool = True) -> dict[str, object]:
    """What every face of one document shows."""
    card, document = opened.card, opened.shelved.document
    return {
        "title": card.title or words.UNTITLED,
        "row": row_of(card, for_patient=for_patient),
        "organization": card.organization_name,
        "size": card.size,
        "preview": can_preview(document),
        "holds_pdf": holds_pdf(document),
        "why_label": why_label(card, document),
        "own_label": card.own_label,
        "note": document.comments if card.by_patient else None,
        "paper": PAPERS.get(document.paper or "") if card.by_patient else None,
        "shown_label": card.shown_label,
    }


def why_label(card: Card, document: Document) -> dict[str, object]:
    """« Pourquoi ce libellé ? »: the rule that chose it, in words and by its name.

    Where the patient chose another one, this is about the label of origin.
    """
    kind = document.label_rule.partition(":")[0]
    sentence_ = words.WHY_LABEL.get(kind, words.WHY_LABEL["default"])
    return {
        "sentence": sentence_.format(label=LABEL_TEXTS[card.label]),
        "rule": document.label_rule,
        "type_code": card.type_code,
        "unsure": document.label_confidence == "low",
    }


async def change_visibility(request: web.Request) -> web.Response:
    _, reader = request[VISIT].holder()
    document, wanted = request.match_info["id"], await field(request, "masque")
    if wanted not in DONE:
        raise RefusedError("masque is oui or non")
    wrong: dict[str, str] = {}
    now, said = request[ROOMS].clock.now(), (await field(request, "jusqu_au")).strip()
    until = last_day(said, now, "jusqu_au", wrong)
    if wrong:
        raise RefusedError("jusqu_au is a day to come, or empty")
    if wanted == "oui":
        await mask(request[ROOMS].read, reader, [document], until=until)
    else:
        await unmask(request[ROOMS].read, reader, [document])
    return see_other(f"/documents/{document}?masque={wanted}")


async def change_label(request: web.Request) -> web.Response:
    """`libelle` is one of the eight codes, or empty for the label of origin again."""
    _, reader = request[VISIT].holder()
    document, wanted = request.match_info["id"], await field(request, "libelle")
    if wanted and wanted not in set(Label):
        raise RefusedError("libelle is one of the eight labels, or empty")
    label = Label(wanted) if wanted else None
    await relabel(request[ROOMS].read, reader, document, label=label)
    return see_other(f"/documents/{document}?libelle={'change' if label else 'origine'}")


async def download(request: web.Request) -> web.Response:
    """The original bytes, as an attachment under a name of ours."""
    return attachment(*await _downloaded(request))


async def download_pdf(request: web.Request) -> web.Response:
    """« Télécharger le PDF »: what a reader of PDF opens, out of a document that wraps it."""
    opened, body = await _downloaded(request)
    try:
        pdf = await previewed(request, lambda: pdf_of(opened.shelved.document, body))
    except RefusedError as error:
        raise DeniedError(NOT_THERE) from error
    return pdf_attachment(opened, pdf)


async def _downloaded(request: web.Request) -> tuple[Opened, bytes]:
    opened = await opened_for(request, "download")
    return opened, await request[ROOMS].read.read_body(opened)

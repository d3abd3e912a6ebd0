"""The sheet that a message is written on: to whom, about what, and what is sent along."""

from collections.abc import Sequence

from aiohttp import web

from gateway.records.correspondence.conversation import Correspondent, Draft, Limits
from gateway.records.documents.shelved import Card
from gateway.vault.messaging import words
from gateway.vault.messaging.form import Typed, Wrong
from gateway.vault.messaging.listing import about, title_of
from gateway.vault.messaging.room import PATH, room_of
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT
from gateway.vault.words import number, size

ATTACH = "joindre"
"""In an address: the documents are there to choose from."""
SHOWN_DOCUMENTS = 100
"""To choose from; an older one is sent from its own page."""


async def letter(request: web.Request, typed: Typed, *, with_documents: bool) -> dict[str, object]:
    """What the part of a form shows that answers and first messages share. The documents are
    listed, which is traced, where they are asked for or some are chosen."""
    limits = room_of(request).limits
    cards: Sequence[Card] = ()
    total = 0
    if with_documents or typed.documents:
        patient, reader = request[VISIT].holder()
        every = (await request[ROOMS].read.list_documents(reader, patient)).cards
        cards, total = _offered(every, typed), len(every)
    return {
        "cle": typed.cle or request[ROOMS].ids.secret(),
        "limits": hints(limits),
        "lists_documents": with_documents or bool(typed.documents),
        "chooses": ATTACH in request.query or bool(typed.documents),
        "cards": cards,
        "total": total,
    }


def _offered(every: Sequence[Card], typed: Typed) -> list[Card]:
    """Those that are chosen already come first, so that none of them is beyond the page."""
    chosen = [card for card in every if card.id in typed.documents]
    others = [card for card in every if card.id not in typed.documents]
    return [*chosen, *others][: max(SHOWN_DOCUMENTS, len(chosen))]


def hints(limits: Limits) -> dict[str, str]:
    return {
        "text": f"{number(limits.text)} caractères au plus.",
        "subject": "Sur une seule ligne.",
        "documents": f"{limits.documents} documents au plus, "
        f"{size(limits.documents_bytes).replace(',0', '')} en tout.",
    }


async def sheet_of(
    request: web.Request, typed: Typed, *, wrong: Wrong | None = None, draft: Draft | None = None
) -> web.Response:
    """The form of a new message, or of its draft; without anybody to write to, why."""
    visit = request[VISIT]
    patient, reader = visit.holder()
    people = await room_of(request).writable(reader, patient)
    of = visit.face.of
    return html(
        "messaging/sheet.html",
        status=wrong.status if wrong else 200,
        more=await letter(request, typed, with_documents=bool(people)),
        face=visit.face,
        title=words.WRITE,
        current=PATH,
        data_page=f"{PATH[1:]}/{typed.fil or 'ecrire'}",
        errors=wrong.errors if wrong else {},
        refusal=wrong.code if wrong else "",
        done=words.DONE.get(request.query.get("fait", ""), ""),
        back=title_of(of),
        base=f"{PATH}/{typed.fil}",
        whom=words.WHOM_OF.format(of=of) if of else words.WHOM,
        people=[(one.address, described(one)) for one in people],
        typed=typed,
        saved_at=draft.saved_at if draft and not wrong else None,
    )


def described(one: Correspondent) -> str:
    """« Dr Anne Roux · Médecin · Cabinet des Charmes »."""
    return " · ".join(part for part in (one.name, about(one)) if part)

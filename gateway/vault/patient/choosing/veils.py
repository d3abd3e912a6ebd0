"""Mask documents, or hide them from one reader: chosen, foreseen, then saved (CHO-07, CHO-16).

The first answer of the form only shows who would still see them; the second one changes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.choices.documents.hide import hide, reveal
from gateway.flows.choices.documents.mask import mask, unmask
from gateway.flows.choices.documents.several import every_document
from gateway.flows.choices.foreseen.foresee import Change, Foreseen, foresee
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault import words
from gateway.vault.days import first_day, last_day
from gateway.vault.forms import fields_of
from gateway.vault.patient.choosing.page import ADDRESS
from gateway.vault.patient.choosing.readers import Readers, readers_of, whom
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

PLACE = f"{ADDRESS}/documents"
YES, NO, SAVE = "oui", "non", "enregistrer"
SHOWN_DOCUMENTS = 500
"""On the page that chooses; « Tous mes documents » are all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The form (GEN-10): `documents` or all, veiled or shown, before whom, from and until when."""

    documents: tuple[str, ...] = ()
    all: bool = False
    veiled: bool = True
    reader: str = ""
    since: str = ""
    until: str = ""
    step: str = ""


@dataclass(slots=True)
class Read:
    """What the form means: `change` and its period, and what is wrong with it by field."""

    documents: list[str]
    change: Change
    since: datetime | None
    until: datetime | None
    errors: dict[str, str] = field(default_factory=dict)


async def choose_documents(request: web.Request) -> web.Response:
    """By GET, with the documents that a link names."""
    named = tuple(request.query.getall("documents", []))
    veiled = request.query.get("masque", YES) != NO
    return await _view(request, Asked(documents=named, veiled=veiled))


async def change_documents(request: web.Request) -> web.Response:
    """`etape` enregistrer saves; without it, or with any other word, the page shows what would
    change. Another's document is not there: 404, and none is changed."""
    patient, reader = request[VISIT].holder()
    asked = _asked(fields_of(request))
    readers = await readers_of(request)
    read = await _read(request, patient, reader, asked, readers)
    if read.errors:
        return await _view(request, asked, errors=read.errors)
    if asked.step != SAVE:
        found = await foresee(request[ROOMS].read, reader, read.documents, read.change)
        return await _view(request, asked, read=read, found=found)
    try:
        await _save(request, reader, read)
    except RefusedError:
        return await _view(request, asked, errors={"jusqu_au": words.PERIOD_BACKWARDS})
    return see_other(f"{ADDRESS}?fait={'masque' if asked.veiled else 'visible'}")


def _asked(form: Mapping[str, object]) -> Asked:
    """Fields as they stand; a file where a word should be is nothing. Raises RefusedError."""
    values: dict[str, list[str]] = {}
    for name, value in form.items():
        if isinstance(value, str):
            values.setdefault(name, []).append(value.strip())
    if not {YES, NO}.issuperset(values.get("masque", ())):
        raise RefusedError("masque is oui or non")
    first = {name: said[0] for name, said in values.items()}
    return Asked(
        documents=tuple(values.get("documents", ())),
        all=first.get("tous") == YES,
        veiled=first.get("masque", YES) != NO,
        reader=first.get("lecteur", ""),
        since=first.get("du", ""),
        until=first.get("jusqu_au", ""),
        step=first.get("etape", ""),
    )


async def _read(
    request: web.Request, patient: PatientKey, reader: Reader, asked: Asked, readers: Readers
) -> Read:
    now, wrong = request[ROOMS].clock.now(), dict[str, str]()
    documents = list(asked.documents)
    if asked.all:
        documents = await every_document(request[ROOMS].read, reader, patient)
    if not documents:
        wrong["documents"] = words.CHOOSE_DOCUMENTS
    if asked.reader and asked.reader not in readers:
        wrong["lecteur"] = words.CHOOSE_READER
    change = Change(veiled=asked.veiled, whom=whom(asked.reader))
    at_once = asked.reader or not asked.veiled
    since = None if at_once else first_day(asked.since, now, "du", wrong)
    until = last_day(asked.until, now, "jusqu_au", wrong) if asked.veiled else None
    if since is not None and until is not None and until <= since:
        wrong["jusqu_au"] = words.PERIOD_BACKWARDS
    return Read(
        documents=documents,
        change=change,
        since=since,
        until=until,
        errors=wrong,
    )


async def _save(request: web.Request, reader: Reader, read: Read) -> None:
    asking, names, to = request[ROOMS].read, read.documents, read.change.whom
    if to is not None and read.change.veiled:
        await hide(asking, reader, names, to, until=read.until)
    elif to is not None:
        await reveal(asking, reader, names, to)
    elif read.change.veiled:
        await mask(asking, reader, names, since=read.since, until=read.until)
    else:
        await unmask(asking, reader, names)


async def _view(
    request: web.Request,
    asked: Asked,
    *,
    errors: dict[str, str] | None = None,
    read: Read | None = None,
    found: list[Foreseen] | None = None,
) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    cards = (await rooms.read.list_documents(reader, patient, with_archived=True)).cards
    readers = await readers_of(request)
    ours = {card.id for card in cards}
    kept = replace(asked, documents=tuple(one for one in asked.documents if one in ours))
    return html(
        "choosing/documents.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Masquer ou cacher des documents",
        current=ADDRESS,
        data_page="parametres/acces/documents",
        errors=errors or {},
        asked=kept,
        place=PLACE,
        cards=_listed(cards, kept),
        total=len(cards),
        readers=readers,
        reader_name=readers.name(asked.reader),
        read=read,
        found=found,
    )


def _listed(cards: Sequence[Card], asked: Asked) -> list[Card]:
    """Those that are chosen already come first, so that none of them is beyond the page."""
    chosen = [card for card in cards if card.id in asked.documents]
    others = [card for card in cards if card.id not in asked.documents]
    return [*chosen, *others][: max(SHOWN_DOCUMENTS, len(chosen))]

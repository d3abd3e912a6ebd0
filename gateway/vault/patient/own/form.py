"""The form of an own document as it was filled (fields of VAULT GEN-10), checked field by field."""

from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from gateway.access.time import civil_date, is_minor
from gateway.flows.depositing.by_patient import OwnBrought
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.read import Opened
from gateway.mapping.labels.own import (
    CATEGORIES,
    CATEGORY_OF,
    DIRECTIVES,
    DIRECTIVES_TEXT,
    PAPERS,
    PAPERS_SHELF,
)
from gateway.records.days import iso_day_of
from gateway.records.readers.access import ReaderKind
from gateway.vault import words
from gateway.vault.days import read_day
from gateway.vault.forms import FORM_KEY, Uploaded, fields_of
from gateway.vault.patient.own import words as said
from gateway.vault.signing_in.signin import field

MAX_TITLE_CHARACTERS, MAX_NOTE_CHARACTERS = 50, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """As typed; `files` are those that were chosen, `piece` names what came with a message."""

    titre: str = ""
    categorie: str = ""
    genre: str = ""
    date: str = ""
    note: str = ""
    cle: str = ""
    piece: str = ""
    files: tuple[bytes, ...] = ()


async def filled_of(request: web.Request) -> Filled:
    files = fields_of(request).getall("fichier", [])
    return Filled(
        titre=" ".join((await field(request, "titre")).split()),
        categorie=await field(request, "categorie"),
        genre=await field(request, "genre"),
        date=(await field(request, "date")).strip(),
        note=" ".join((await field(request, "note")).split()),
        cle=await field(request, "cle"),
        piece=await field(request, "piece"),
        files=tuple(one.body for one in files if isinstance(one, Uploaded)),
    )


def filled_with(opened: Opened) -> Filled:
    """An own document, to be changed."""
    card, document = opened.card, opened.shelved.document
    return Filled(
        titre=card.title,
        categorie=CATEGORY_OF.get(card.type_code or "", ""),
        genre=document.paper or "",
        date=iso_day_of(card.act_date) if card.act_date else "",
        note=document.comments or "",
    )


def errors_in(filled: Filled, gate: Gate, *, needs_file: bool) -> dict[str, str]:
    """Words by field, in the order of the form."""
    is_paper = filled.categorie == PAPERS_SHELF
    found = {
        "fichier": _file_error(filled.files, needs_file=needs_file),
        "titre": _title_error(filled.titre),
        "categorie": _category_error(filled.categorie, gate),
        "genre": said.CHOOSE_PAPER if is_paper and filled.genre not in PAPERS else "",
        "date": _date_error(filled, gate),
        "note": said.NOTE_TOO_LONG if len(filled.note) > MAX_NOTE_CHARACTERS else "",
        "": "" if FORM_KEY.fullmatch(filled.cle) else said.STALE,
    }
    return {name: words for name, words in found.items() if words}


def categories_for(gate: Gate) -> dict[str, str]:
    """Words by category; advance directives are an adult's own act (VAULT PRO-06)."""
    own = gate.reader.kind is ReaderKind.PATIENT and not is_minor(gate.record.birth_date, gate.now)
    return CATEGORIES | {DIRECTIVES: DIRECTIVES_TEXT} if own else CATEGORIES


def _category_error(category: str, gate: Gate) -> str:
    if category in categories_for(gate):
        return ""
    return said.NOT_DIRECTIVES if category == DIRECTIVES else said.CHOOSE_LABEL


def _file_error(files: Collection[bytes], *, needs_file: bool) -> str:
    """One empty file of several is said too: a page would be lost without a word."""
    if not files:
        return said.CHOOSE_FILE if needs_file else ""
    if all(files):
        return ""
    return said.EMPTY_FILE if len(files) == 1 else said.ONE_IS_EMPTY


def _title_error(title: str) -> str:
    if not title:
        return said.GIVE_TITLE
    return said.TITLE_TOO_LONG if len(title) > MAX_TITLE_CHARACTERS else ""


def _date_error(filled: Filled, gate: Gate) -> str:
    day = read_day(filled.date)
    if day is None:
        return words.BAD_DATE if filled.date else said.GIVE_DATE
    if day > civil_date(gate.now):
        return said.IN_FUTURE
    return said.BEFORE_BIRTH if day < gate.record.birth_date else ""


def brought_by(filled: Filled, *, replaces: str | None) -> OwnBrought:
    """Of a form without errors."""
    day = read_day(filled.date)
    return OwnBrought(
        files=filled.files,
        key=filled.cle,
        title=filled.titre,
        category=filled.categorie,
        act_date=day.isoformat() if day else "",
        note=filled.note,
        paper=filled.genre,
        replaces=replaces,
    )

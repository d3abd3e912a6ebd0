"""The form of a deposit as it was filled: read field by field, checked before anything is sent."""

from dataclasses import dataclass, replace
from datetime import date

from aiohttp import web

from gateway.access.time import civil_date, is_minor
from gateway.flows.depositing.by_hand import CDA, MAX_FILE_BYTES, Brought
from gateway.flows.reading.decided.gate import Gate
from gateway.mapping.files.enclosed import media_type_of
from gateway.mapping.labels.choosing import BY_CODE
from gateway.vault import words
from gateway.vault.days import read_day
from gateway.vault.forms import FORM_KEY, Uploaded, fields_of
from gateway.vault.pro.deposit import words as said
from gateway.vault.signing_in.signin import field

MAX_TITLE_CHARACTERS = 100
HIDDEN, NOT_FOR_PARENTS, MASKED = (
    "INVISIBLE_PATIENT",
    "INVISIBLE_REPRESENTANTS_LEGAUX",
    "MASQUE_PS",
)
BOXES = {
    "invisible_patient": HIDDEN,
    "invisible_representants": NOT_FOR_PARENTS,
    "masque_ps": MASKED,
}
"""The boxes of the form and the visibility codes that they ask for (TRE_A07)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """As typed; `body` is the file's, empty where none was `chosen`."""

    titre: str = ""
    type: str = ""
    date: str = ""
    cle: str = ""
    boxes: frozenset[str] = frozenset()
    body: bytes = b""
    chosen: bool = False

    @property
    def mime_type(self) -> str | None:
        return media_type_of(self.body)

    @property
    def is_cda(self) -> bool:
        return self.mime_type == CDA


async def filled_of(request: web.Request) -> Filled:
    file = fields_of(request).get("fichier")
    return Filled(
        titre=" ".join((await field(request, "titre")).split()),
        type=(await field(request, "type")).strip(),
        date=(await field(request, "date")).strip(),
        cle=await field(request, "cle"),
        boxes=frozenset({name for name in BOXES if await field(request, name) == "oui"}),
        body=file.body if isinstance(file, Uploaded) else b"",
        chosen=isinstance(file, Uploaded),
    )


def errors_in(filled: Filled, gate: Gate) -> dict[str, str]:
    """What is to be mended before anything is sent; a CDA says title, type and date itself."""
    errors = _file_errors(filled)
    if not filled.is_cda:
        errors |= _told_errors(filled, gate)
    if "invisible_representants" in filled.boxes and not is_minor(gate.record.birth_date, gate.now):
        errors["invisible_representants"] = said.NOT_A_MINOR
    if not FORM_KEY.fullmatch(filled.cle):
        errors[""] = said.STALE
    return errors


def _file_errors(filled: Filled) -> dict[str, str]:
    if not filled.body:
        return {"fichier": said.EMPTY_FILE if filled.chosen else said.CHOOSE_FILE}
    if len(filled.body) > MAX_FILE_BYTES:
        return {"fichier": said.TOO_LARGE}
    return {} if filled.mime_type else {"fichier": said.BAD_TYPE}


def _told_errors(filled: Filled, gate: Gate) -> dict[str, str]:
    errors = {}
    if not filled.titre:
        errors["titre"] = said.GIVE_TITLE
    elif len(filled.titre) > MAX_TITLE_CHARACTERS:
        errors["titre"] = said.TITLE_TOO_LONG
    if filled.type not in BY_CODE:
        errors["type"] = said.CHOOSE_TYPE
    if wrong := _date_error(filled, gate):
        errors["date"] = wrong
    return errors


def _date_error(filled: Filled, gate: Gate) -> str:
    day = read_day(filled.date)
    if day is None:
        return words.BAD_DATE if filled.date else said.GIVE_DATE
    if day > civil_date(gate.now):
        return said.IN_FUTURE
    return said.BEFORE_BIRTH if day < _born(gate) else ""


def _born(gate: Gate) -> date:
    return gate.record.birth_date


def brought_by(filled: Filled, *, replaces: str | None) -> Brought:
    """Of a form without errors."""
    brought = Brought(
        body=filled.body,
        mime_type=filled.mime_type or "",
        key=filled.cle,
        codes=tuple(code for name, code in BOXES.items() if name in filled.boxes),
        replaces=replaces,
    )
    day = read_day(filled.date)
    if filled.is_cda or day is None:
        return brought
    return replace(brought, title=filled.titre, type_code=filled.type, act_date=day.isoformat())

"""The form of a vaccination as it was filled (VAULT GEN-10), and what is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.mapping.entries.faults import MAX_COMMENT_CHARACTERS, MAX_TEXT_CHARACTERS, Fault, Wrong
from gateway.mapping.prevention.vaccines.valences import VALENCES, in_order, valences_of
from gateway.records.entries.entry import Entry
from gateway.records.entries.immunization import Immunization
from gateway.records.numbers import whole
from gateway.vault import words
from gateway.vault.days import read_day
from gateway.vault.forms import FORM_KEY, fields_of
from gateway.vault.signing_in.signin import field
from gateway.vault.vaccination import words as said

CODE = re.compile(r"\d{8}|\d{13}", re.ASCII)
"""A CIS or a CIP."""
NAMES = {
    "date": "date",
    "vaccine": "vaccin",
    "dose": "dose",
    "lot": "lot",
    "place": "lieu",
    "vaccinator": "vaccinateur",
    "comment": "commentaire",
}
"""The fields of the form, by those of the entry, in their order."""
DATES = {
    Wrong.MISSING: said.GIVE_DATE,
    Wrong.NOT_A_DATE: words.BAD_DATE,
    Wrong.IN_FUTURE: said.IN_FUTURE,
    Wrong.BEFORE_BIRTH: said.BEFORE_BIRTH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """As typed; `version` of what is changed, "" of a new one."""

    date: str = ""
    vaccin: str = ""
    dose: str = ""
    lot: str = ""
    lieu: str = ""
    vaccinateur: str = ""
    commentaire: str = ""
    valences: tuple[str, ...] = ()
    contre_indication: bool = False
    cle: str = ""
    version: str = ""


async def filled_of(request: web.Request, *, by_professional: bool) -> Filled:
    """That a vaccine must not be given, only a professional says (VAC-05)."""
    chosen = fields_of(request).getall("valences", [])
    typed = {name: (await field(request, name)).strip() for name in NAMES.values()}
    return Filled(
        **typed,
        valences=tuple(one for one in chosen if isinstance(one, str)),
        contre_indication=by_professional and await field(request, "contre_indication") == "oui",
        cle=await field(request, "cle"),
        version=await field(request, "version"),
    )


def filled_with(entry: Entry) -> Filled:
    """One that is there, to be changed; what its name means already is not ticked."""
    content = entry.content
    if not isinstance(content, Immunization):
        return Filled()
    typed = {name: getattr(content, one) for one, name in NAMES.items()}
    known = content.valences == valences_of(content.vaccine, [content.code or ""])
    return Filled(
        **typed,
        valences=() if known else content.valences,
        version=str(entry.version),
    )


def content_of(filled: Filled) -> Immunization:
    """With the valences that were ticked, else those that the name or the code means."""
    day = read_day(filled.date)
    code = filled.vaccin.replace(" ", "")
    known = CODE.fullmatch(code)
    return Immunization(
        date=day.isoformat() if day else filled.date,
        vaccine=filled.vaccin,
        code=code if known else None,
        valences=in_order(filled.valences) or valences_of(filled.vaccin, [code] if known else ()),
        dose=filled.dose,
        lot=filled.lot,
        place=filled.lieu,
        vaccinator=filled.vaccinateur,
        comment=filled.commentaire,
        contraindicated=filled.contre_indication,
    )


def errors_in(filled: Filled, *, is_new: bool) -> dict[str, str]:
    """What a form of ours never sends, and a day that is none."""
    found = {
        "": said.STALE_FORM if is_new and not FORM_KEY.fullmatch(filled.cle) else "",
        "date": words.BAD_DATE if filled.date and read_day(filled.date) is None else "",
        "valences": "" if set(filled.valences) <= set(VALENCES) else said.UNKNOWN_VALENCE,
    }
    return {name: words for name, words in found.items() if words}


def told(faults: Sequence[Fault]) -> dict[str, str]:
    """Words by field, in the order of the form."""
    by_field = {NAMES.get(one.field, ""): _words(one) for one in faults}
    return {name: by_field[name] for name in ("", *NAMES.values()) if name in by_field}


def _words(fault: Fault) -> str:
    if fault.field == "date" and fault.wrong in DATES:
        return DATES[fault.wrong]
    if fault.field == "vaccine" and fault.wrong is Wrong.MISSING:
        return said.GIVE_VACCINE
    most = MAX_COMMENT_CHARACTERS if fault.field == "comment" else MAX_TEXT_CHARACTERS
    return said.TOO_LONG.format(most=words.number(most))


def number_in(version: str) -> int:
    """The version that a form was shown; -1, which is none, for what is no number."""
    found = whole(version)
    return -1 if found is None else found

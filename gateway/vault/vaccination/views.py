"""A record of vaccinations as the pages show it: rows, proposals, and the lines of the calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.access.professions import profession_name
from gateway.flows.entries.listing import Listed
from gateway.mapping.prevention.vaccines import Line, lines_of
from gateway.mapping.prevention.vaccines.recorded import given_in, is_sure, valences_in
from gateway.mapping.prevention.vaccines.valences import titles_of
from gateway.records.entries.entry import Entry, EntryState, Writer, WriterRole
from gateway.records.entries.immunization import Immunization
from gateway.records.readers.access import AccessAction, Reader
from gateway.vault import words
from gateway.vault.vaccination import words as said

COLUMNS = (
    *("date", "vaccin", "code", "valences", "dose", "lot", "lieu", "vaccinateur", "commentaire"),
    *("contre-indication", "provenance", "visibilite"),
)
"""Of `vaccinations.csv` (EXP-02)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`joins` is the id of the row with which this one may be joined, "" for none; `source` says
    who wrote it, `document` where it was read."""

    id: str
    version: int
    date: str
    vaccine: str
    valences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    source: str
    document: str
    is_sure: bool
    is_masked: bool
    contraindicated: bool
    may_change: bool
    may_delete: bool
    may_confirm: bool
    joins: str

    @property
    def state(self) -> str:
        return "masquée" if self.is_masked else "sûre" if self.is_sure else "notée"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """`rows` newest first; `coming` are the lines of the calendar, None where the day of birth is
    not known."""

    rows: Sequence[Row]
    proposals: Sequence[Row]
    coming: Sequence[Line] | None


def book_of(listed: Listed, birth: date | None, today: date) -> Book:
    entries = [one for one in listed.entries if isinstance(one.content, Immunization)]
    return Book(
        rows=_rows(listed, entries, entries),
        proposals=_rows(listed, listed.proposals, entries),
        coming=lines_of(birth, given_in(entries), today) if birth else None,
    )


def _rows(listed: Listed, shown: Iterable[Entry], kept: Sequence[Entry]) -> list[Row]:
    return [
        _row(listed, entry, entry.content, kept)
        for entry in shown
        if isinstance(entry.content, Immunization)
    ]


def _row(listed: Listed, entry: Entry, content: Immunization, kept: Sequence[Entry]) -> Row:
    reader = listed.sight.gate.reader
    sure = is_sure(entry)
    own = entry.state is not EntryState.PROPOSED
    return Row(
        id=entry.id,
        version=entry.version,
        date=content.date,
        vaccine=content.vaccine,
        valences=tuple(titles_of(valences_in(content))),
        facts=facts_of(content),
        source=_source(entry, reader),
        document=entry.source.document,
        is_sure=sure,
        is_masked=entry.state is EntryState.HIDDEN,
        contraindicated=content.contraindicated,
        may_change=own and listed.may(entry, AccessAction.REPLACE),
        may_delete=own and listed.may(entry, AccessAction.DELETE),
        may_confirm=own and not sure,
        joins=partner_of(entry, kept),
    )


def partner_of(entry: Entry, kept: Iterable[Entry]) -> str:
    """The first other one that may be the same dose, "" for none (VAC-02)."""
    mine = _same(entry)
    others = (one for one in kept if one.id != entry.id)
    return next((one.id for one in others if mine and _same(one) == mine), "")


def _same(entry: Entry) -> str:
    return entry.content.same() if entry.content else ""


def facts_of(content: Immunization) -> tuple[tuple[str, str], ...]:
    told = (
        ("Dose", content.dose),
        ("Lot", content.lot),
        ("Lieu", content.place),
        ("Vaccinateur", content.vaccinator),
        ("Commentaire", content.comment),
    )
    return tuple((name, value) for name, value in told if value)


def _source(entry: Entry, reader: Reader) -> str:
    writer = entry.writer
    told = [
        said.YOURS
        if writer.id and writer.id == reader.id
        else said.SOURCES[writer.role.value].format(who=_who(writer))
    ]
    if entry.confirmed is not None and entry.confirmed.by.role is WriterRole.PROFESSIONAL:
        told.append(said.CONFIRMED.format(who=_who(entry.confirmed.by)))
    return ", ".join(told)


def _who(writer: Writer) -> str:
    profession = profession_name(writer.profession) if writer.profession else ""
    return ", ".join(part for part in (writer.name, profession) if part) or "quelqu'un"


def titled(entry: Entry) -> str:
    """« Revaxis du 12 mars 2026 »."""
    content = entry.content
    if not isinstance(content, Immunization):
        return ""
    return f"{content.vaccine} du {words.day(content.date)}"


def cells_of(entry: Entry, reader: Reader) -> list[str]:
    """A line of `vaccinations.csv`; none for another kind of entry."""
    content = entry.content
    if not isinstance(content, Immunization):
        return []
    return [
        *(content.date, content.vaccine, content.code or ""),
        ", ".join(titles_of(valences_in(content))),
        *(content.dose, content.lot, content.place, content.vaccinator, content.comment),
        "oui" if content.contraindicated else "",
        _source(entry, reader),
        "masquée" if entry.state is EntryState.HIDDEN else "visible",
    ]

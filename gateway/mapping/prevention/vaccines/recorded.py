"""Of entries of a vaccination record to what the calendar and an attestation count."""

from collections.abc import Iterable, Iterator
from datetime import date

from gateway.mapping.prevention.vaccines.valences import Given, in_order, valences_of
from gateway.records.entries.content import days_of
from gateway.records.entries.entry import STANDING, Entry, WriterRole
from gateway.records.entries.immunization import Immunization
from gateway.records.patients.patient import PatientIdentity


def birth_of(identity: PatientIdentity) -> date | None:
    """None where the day is not known."""
    span = days_of(identity.birth_date or "")
    return span[0] if span and span[0] == span[1] else None


def valences_in(content: Immunization) -> tuple[str, ...]:
    """Those that were written with it, else those that its code or its name means."""
    written = in_order(content.valences)
    return written or valences_of(content.vaccine, [content.code] if content.code else [])


def given_in(entries: Iterable[Entry]) -> list[Given]:
    """The doses that stand; one of which the day is not known counts for the first it may be."""
    return [
        Given(span[0], frozenset(valences_in(content)))
        for _, content in _standing(entries)
        if not content.contraindicated and (span := days_of(content.date)) is not None
    ]


def contraindicated_in(entries: Iterable[Entry]) -> frozenset[str]:
    """The valences that a professional wrote, or marked sure, must not be given."""
    return frozenset(
        valence
        for entry, content in _standing(entries)
        if content.contraindicated and is_sure(entry)
        for valence in valences_in(content)
    )


def is_sure(entry: Entry) -> bool:
    """Whether a professional added or confirmed it (VAC-01)."""
    said = (entry.writer, *([entry.confirmed.by] if entry.confirmed else []))
    return any(one.role is WriterRole.PROFESSIONAL for one in said)


def _standing(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Immunization]]:
    for entry in entries:
        if entry.state in STANDING and isinstance(entry.content, Immunization):
            yield entry, entry.content

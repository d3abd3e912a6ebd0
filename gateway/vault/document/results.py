"""Results as a table: one table a battery, the laboratory's range beside each value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from gateway.flows.reading.coded.corrections import WITHDRAWN
from gateway.mapping.biology.specimens import specimen_words
from gateway.records.documents.observation import Observation
from gateway.vault import words
from gateway.vault.document.units import unit_words

TIMED = frozenset({"DT", "TS", "DTM"})
OUT_FLAGS = frozenset({"L", "LL", "H", "HH", "A", "AA", "<", ">", "R"})
SENSITIVITY = frozenset({"S", "I", "R"})
UNNAMED = "Résultats"
YES_NO = {"true": "oui", "false": "non"}
"""A truth value of a CDA (HL7 V3, BL)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    text: str
    value: str
    unit: str
    range: str
    note: str
    flag_words: str
    out: bool
    status_words: str = ""
    specimen: str = ""
    when: str = ""
    """Only where the rows of its group differ in it, and so `specimen`."""
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGroup:
    words: str
    rows: tuple[ResultRow, ...]
    note: str = ""
    specimen: str = ""
    sensitivities: bool = False
    """An antibiogram: its flags say what a germ withstands, and no row has an interval."""


def groups_of(observations: Iterable[Observation]) -> list[ResultGroup]:
    """In the order in which the laboratory reported them; without a battery, by section."""
    return [
        _group(text or section or UNNAMED, note, list(rows))
        for (_, text, section, note), rows in groupby(
            observations,
            key=lambda one: (one.group_id, one.group_text, one.section, one.group_note),
        )
    ]


def _group(named: str, note: str, rows: list[Observation]) -> ResultGroup:
    """What all rows share is said once; one analysis at several times says them."""
    specimens = {one.specimen for one in rows}
    shared = specimens.pop() if len(specimens) == 1 else ""
    told = [one for one in rows if not one.is_heading]
    times = {one.time for one in told}
    timed = len(times) > 1 and len({one.code or one.text for one in told}) < len(told)
    return ResultGroup(
        words=named,
        rows=tuple(_row(one, timed=timed, shared=shared) for one in rows),
        note=note,
        specimen=specimen_words(shared),
        sensitivities=_is_antibiogram(told),
    )


def _is_antibiogram(rows: list[Observation]) -> bool:
    """Every flag that is said is one of HL70078 for germs, and no row has an interval."""
    flags = {one.flag.upper() for one in rows if one.flag}
    return bool(flags) and flags <= SENSITIVITY and not any(one.range for one in rows)


def _row(one: Observation, *, timed: bool, shared: str) -> ResultRow:
    return ResultRow(
        text=one.text or one.code,
        value=value_words(one),
        unit=unit_words(one.unit) if one.value else "",
        range=one.range,
        note=one.note,
        flag_words=words.FLAG_WORDS.get(one.flag.upper(), one.flag),
        out=one.flag.upper() in OUT_FLAGS,
        status_words=words.RESULT_STATUS_WORDS.get(one.status, ""),
        specimen="" if shared else specimen_words(one.specimen),
        when=when_words(one.time) if timed and one.time else "",
        heading=one.is_heading,
    )


def value_words(one: Observation) -> str:
    """As its laboratory wrote it, a date or a truth value in words."""
    if one.status in WITHDRAWN:
        return "retiré par le laboratoire"
    if one.value_type in TIMED:
        return when_words(one.value)
    return YES_NO.get(one.value) or one.value or "non rendu"


def when_words(value: str) -> str:
    """A date, or a moment in Paris; what is neither as it came."""
    try:
        return words.moment(datetime.fromisoformat(value)) if "T" in value else words.day(value)
    except ValueError:
        return value

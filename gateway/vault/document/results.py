"""Results as a table: one table a battery, the laboratory's range beside each value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from gateway.flows.reading.corrections import WITHDRAWN
from gateway.records.documents.observation import Observation
from gateway.vault import words

TIMED = frozenset({"DT", "TS", "DTM"})
OUT_FLAGS = frozenset({"L", "LL", "H", "HH", "A", "AA", "<", ">", "R"})
UNNAMED = "Résultats"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGroup:
    words: str
    rows: tuple[ResultRow, ...]
    note: str = ""


def groups_of(observations: Iterable[Observation]) -> list[ResultGroup]:
    """In the order in which the laboratory reported them; without a battery, by section."""
    return [
        ResultGroup(words=text or section or UNNAMED, rows=tuple(map(_row, rows)), note=note)
        for (_, text, section, note), rows in groupby(
            observations,
            key=lambda one: (one.group_id, one.group_text, one.section, one.group_note),
        )
    ]


def _row(one: Observation) -> ResultRow:
    return ResultRow(
        text=one.text or one.code,
        value=_value(one),
        unit=one.unit,
        range=one.range,
        note=one.note,
        flag_words=words.FLAG_WORDS.get(one.flag.upper(), one.flag),
        out=one.flag.upper() in OUT_FLAGS,
        status_words=words.RESULT_STATUS_WORDS.get(one.status, ""),
        specimen=one.specimen,
    )


def _value(one: Observation) -> str:
    if one.status in WITHDRAWN:
        return "retiré par le laboratoire"
    if one.value_type in TIMED:
        return _when(one.value)
    return one.value or "non rendu"


def _when(value: str) -> str:
    """A date, or a moment in Paris; what is neither as it came."""
    try:
        return words.moment(datetime.fromisoformat(value)) if "T" in value else words.day(value)
    except ValueError:
        return value

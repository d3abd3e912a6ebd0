"""Results as a table: one table a battery, the laboratory's range beside each value."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from gateway.records.observation import Observation
from gateway.vault import words

OUT_FLAGS = frozenset({"L", "LL", "H", "HH", "A", "AA"})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGroup:
    words: str
    rows: tuple[ResultRow, ...]


def groups_of(observations: Iterable[Observation]) -> list[ResultGroup]:
    """In the order in which the laboratory reported them."""
    return [
        ResultGroup(words=text or UNNAMED, rows=tuple(_row(one) for one in rows))
        for (_, text), rows in groupby(observations, key=lambda o: (o.group_id, o.group_text))
    ]


def _row(one: Observation) -> ResultRow:
    return ResultRow(
        text=one.text or one.code,
        value=one.value or "non rendu",
        unit=one.unit,
        range=one.range,
        note=one.note,
        flag_words=words.FLAG_WORDS.get(one.flag.upper(), one.flag),
        out=one.flag.upper() in OUT_FLAGS,
    )

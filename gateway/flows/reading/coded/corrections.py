"""Results of one order as they stand now, though several messages brought them (HL7V2 section 8).

A row replaces the one of the same order, analysis and sub-id (OBR-3, OBX-3, OBX-4) that came
before it; history stays in the versions. Pure.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple, TypeVar

from gateway.records.documents.observation import Observation

T = TypeVar("T")
WITHDRAWN = frozenset("DW")
"""Deleted, or posted as wrong (HL70085): the row stays, its value does not."""
DELETED = '""'
NOT_YET = frozenset("INO")
PROVISIONAL = frozenset("PRSBA")
Key = tuple[str, str, str, int]


class Settled(NamedTuple):
    """A row as it stands: `place` counts the versions, whose word it is; `before` are the rows that
    it took the place of, newest first."""

    row: Observation
    place: int
    before: tuple[tuple[int, Observation], ...] = ()


def settled(versions: Iterable[Sequence[Observation]]) -> list[Settled]:
    """The rows of all versions, oldest first, each once, in the order in which they came up."""
    rows: dict[Key, Settled] = {}
    for place, version in enumerate(versions):
        before = frozenset(rows)
        for written, one in _keyed(version, place):
            key = _known_as(written, before)
            rows[key] = _settled(rows.get(key), one, place)
    return list(rows.values())


def in_force(versions: Iterable[Sequence[Observation]]) -> list[Observation]:
    """The rows of all versions, oldest first, each once; those of one order stand together."""
    return _by_group(one.row for one in settled(versions))


def oldest_first(versions: Sequence[tuple[str, T]]) -> list[T]:
    """By the time at which each was sent, where all say it: a message that comes late is no later
    word. In the order given (of their arrival) where one does not."""
    if all(sent for sent, _ in versions):
        versions = sorted(versions, key=lambda one: one[0])
    return [version for _, version in versions]


def corrected_by(own: Sequence[Observation], later: Sequence[Observation]) -> list[Observation]:
    """`own` with the rows that a later message on the same orders corrects; it adds none."""
    rows = dict(_keyed(own, 0))
    for written, one in _keyed(later, 1):
        key = _known_as(written, rows)
        if key in rows:
            rows[key] = _later(rows[key], one)
    return list(rows.values())


def shown(one: Observation) -> Observation:
    """Without a value that its laboratory took back, by its status or by `""` in its place."""
    if one.status in WITHDRAWN:
        return one._replace(value="", unit="", range="", flag="", note="")
    return one._replace(value="", flag="", status="D") if one.value == DELETED else one


def _keyed(version: Sequence[Observation], place: int) -> Iterable[tuple[Key, Observation]]:
    """Rows without an order number are never the same as another message's."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for one in version:
        order = one.group_id or f"\0{place}"
        named = (order, one.code or one.text, one.sub_id)
        seen[named] += 1
        yield (*named, seen[named]), one


def _known_as(key: Key, before: Container[Key]) -> Key:
    """The same row of the versions before, where they named its order by the number alone."""
    number, authority, _ = key[0].partition("^")
    alone = (number, *key[1:])
    return alone if authority and key not in before and alone in before else key


def _settled(before: Settled | None, one: Observation, place: int) -> Settled:
    if before is None:
        return Settled(one, place)
    if _later(before.row, one) is before.row:
        return before
    return Settled(one, place, ((before.place, before.row), *before.before))


def _later(before: Observation | None, one: Observation) -> Observation:
    """What is final is not undone by something provisional that came late."""
    if before is None or _weight(one.status) >= _weight(before.status):
        return one
    return before


def _weight(status: str) -> int:
    return 0 if status in NOT_YET else 1 if status in PROVISIONAL else 2


def _by_group(rows: Iterable[Observation]) -> list[Observation]:
    groups: dict[tuple[str, str], list[Observation]] = {}
    for one in rows:
        groups.setdefault((one.group_id, one.group_text), []).append(one)
    return [one for group in groups.values() for one in group]

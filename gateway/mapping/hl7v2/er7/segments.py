"""One pass over the lines of a message: which segments are there, and which OBX belongs where."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count, groupby, repeat
from operator import itemgetter

from msgspec import Struct, structs

from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.splitter import Split

LAST = 12
"""Of an OBX, the fields up to OBX-11 are split at once; what follows is split by `tail_of`."""
PAD = [""] * (LAST + 1)
TAIL = [""] * 4
DELETED = '""'
NO_NOTES: tuple[str, ...] = ()
BLANKS_MEANT = frozenset(("TX", "FT", "ED"))
VERBATIM = (5,)
BETWEEN = ("PRT", "NTE")
"""Segments that, as Z segments, part no note from what it is about."""


class Row(Struct, frozen=True):
    """One OBX: its fields (padded), its line, its number among all OBX (from 1), its OBR (an
    index, -1 before any) and its notes.

    `escaped` is true where an escape sequence may stand in one of the leaves. A struct: forty of
    them are made on the path of one acknowledgement.
    """

    fields: list[str]
    line: int
    number: int
    group: int
    escaped: bool
    notes: Sequence[str] = NO_NOTES


_name = itemgetter(slice(3))


def place_of(row: Row, number: int) -> str:
    """Field `number` of this OBX, as findings name places: `OBX-5` of the first, `OBX[2]-5`."""
    return f"OBX[{row.number}]-{number}" if row.number > 1 else f"OBX-{number}"


@dataclass(slots=True)
class Segments:
    """The segments that mapping reads, as lists of fields; all others stay in the raw bytes.

    `request_notes` are the notes right under an OBR, and `specimens` its SPM, by its index.
    """

    count: int = 0
    pids: list[list[str]] = field(default_factory=list)
    orders: list[list[str]] = field(default_factory=list)
    requests: list[list[str]] = field(default_factory=list)
    txas: list[list[str]] = field(default_factory=list)
    participations: list[list[str]] = field(default_factory=list)
    consents: list[list[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    z_segments: list[str] = field(default_factory=list)
    request_notes: dict[int, list[str]] = field(default_factory=dict)
    specimens: dict[int, list[list[str]]] = field(default_factory=dict)


def read_segments(split: Split) -> Segments:
    """Sorts the lines, a run of equal names at a time.

    OBX belongs to the last OBR, NTE to the OBX or OBR before it, PRT and Z segments aside (HL7V2
    section 4).
    """
    found = Segments(count=len(split.lines))
    mark = split.marks.field
    kept = {
        "PID": found.pids,
        "ORC": found.orders,
        "OBR": found.requests,
        "TXA": found.txas,
        "PRT": found.participations,
        "ZFA": found.consents,
    }
    number, before = 0, ""
    for name, lines in groupby(split.lines, _name):
        run = list(lines)
        if name == "OBX":
            found.rows += _rows(run, number, found, split)
        elif name in kept:
            kept[name] += [line.split(mark) for line in run]
        elif name == "NTE":
            _note(found, run, before, split.marks)
        elif name == "SPM":
            told = found.specimens.setdefault(len(found.requests) - 1, [])
            told += [line.split(mark) for line in run]
        if name[0] == "Z":
            found.z_segments += [name] * len(run)
        number += len(run)
        before = before if name in BETWEEN or name[0] == "Z" else name
    return found


def tail_of(row: Row, mark: str) -> list[str]:
    """OBX-12 to OBX-15 of a row, padded."""
    return [*row.fields[LAST].split(mark, 4)[:4], *TAIL]


def _rows(run: list[str], line: int, found: Segments, split: Split) -> Iterable[Row]:
    """The rows of a run that begins at `line`, made without a step of ours for each."""
    mark, escape = split.marks.field, split.marks.escape
    table = [one.split(mark, LAST) for one in run]
    if min(map(len, table)) <= LAST:
        table = [fields + PAD[len(fields) :] for fields in table]
    text = mark.join((*run, ""))
    if _blank_behind(mark, split.marks.component)(text):
        table = [_without_blanks(fields, split.marks) for fields in table]
    number, group = len(found.rows) + 1, len(found.requests) - 1
    escaped = bool(escape) and escape in text
    return map(Row, table, count(line), count(number), repeat(group), repeat(escaped))


@lru_cache(maxsize=16)
def _blank_behind(field: str, component: str) -> Callable[[str], re.Match[str] | None]:
    """Finds a blank at the end of a field or component: one look for both, which is faster than two
    searches for two characters each."""
    return re.compile(f" [{re.escape(field)}{re.escape(component)}]").search


def _without_blanks(fields: list[str], marks: Delimiters) -> list[str]:
    """Trailing blanks of ST, and of ID and IS which follow it, mean nothing (HL7 2.5, 2.A.75); in
    TX, FT and the data of an ED they may be meant."""
    kept = VERBATIM if fields[2].rstrip(" ") in BLANKS_MEANT else ()
    return [
        one if number in kept else trimmed(one, marks.component)
        for number, one in enumerate(fields[:LAST])
    ] + fields[LAST:]


def trimmed(field: str, mark: str) -> str:
    """A field of one repetition without the blanks behind its components."""
    if " " not in field:
        return field
    return mark.join([one.rstrip(" ") for one in field.split(mark)])


def _note(found: Segments, run: list[str], before: str, marks: Delimiters) -> None:
    """NTE-3 repeats: each repetition is a line."""
    notes = [(line.split(marks.field, 4) + PAD)[3] for line in run]
    notes = [note for note in notes if note != DELETED]
    if marks.repetition:
        notes = [note.replace(marks.repetition, "\n") for note in notes]
    if before == "OBX":
        last = found.rows[-1]
        found.rows[-1] = structs.replace(last, notes=(*last.notes, *notes), escaped=True)
    elif before == "OBR":
        found.request_notes.setdefault(len(found.requests) - 1, []).extend(notes)

"""One pass over the lines of a message: which segments are there, and which OBX belongs where."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.mapping.hl7v2.splitter import Split

LAST = 16
"""No field of an OBX after this one is read."""
PAD = [""] * (LAST + 1)


class Row:
    """One OBX: its fields (padded), its line, its number among all OBX (from 1), its OBR (an
    index, -1 before any) and its notes.

    `escaped` is true where an escape sequence may stand in one of the leaves.
    """

    __slots__ = ("escaped", "fields", "group", "line", "notes", "number")

    def __init__(
        self, fields: list[str], line: int, number: int, group: int, *, escaped: bool
    ) -> None:
        self.fields = fields
        self.line = line
        self.number = number
        self.group = group
        self.escaped = escaped
        self.notes: Sequence[str] = ()


def place_of(row: Row, number: int) -> str:
    """Field `number` of this OBX, as findings name places: `OBX-5` of the first, `OBX[2]-5`."""
    return f"OBX[{row.number}]-{number}" if row.number > 1 else f"OBX-{number}"


@dataclass(slots=True)
class Segments:
    """The segments that mapping reads, as lists of fields; all others stay in the raw bytes."""

    count: int = 0
    pids: list[list[str]] = field(default_factory=list)
    orders: list[list[str]] = field(default_factory=list)
    requests: list[list[str]] = field(default_factory=list)
    txas: list[list[str]] = field(default_factory=list)
    participations: list[list[str]] = field(default_factory=list)
    consents: list[list[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    z_segments: list[str] = field(default_factory=list)


def read_segments(split: Split) -> Segments:
    """Sorts the lines. OBX belongs to the last OBR, NTE to the last OBX (HL7V2 section 4)."""
    found = Segments(count=len(split.lines))
    mark, escape = split.marks.field, split.marks.escape or "\0"
    kept = {
        "PID": found.pids,
        "ORC": found.orders,
        "OBR": found.requests,
        "TXA": found.txas,
        "PRT": found.participations,
        "ZFA": found.consents,
    }
    rows, group, after_row = found.rows, -1, False
    for number, line in enumerate(split.lines):
        name = line[:3]
        if name == "OBX":
            fields = line.split(mark, LAST)
            if len(fields) < LAST:
                fields += PAD[len(fields) :]
            rows.append(Row(fields, number, len(rows) + 1, group, escaped=escape in line))
            after_row = True
            continue
        if name in kept:
            kept[name].append(line.split(mark))
            group += name == "OBR"
        if name[0] == "Z":
            found.z_segments.append(name)
        if name == "NTE" and after_row:
            _note(rows[-1], line.split(mark))
        else:
            after_row = False
    return found


def _note(row: Row, fields: list[str]) -> None:
    row.notes = (*row.notes, fields[3] if len(fields) > 3 else "")
    row.escaped = True

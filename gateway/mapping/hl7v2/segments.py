"""One pass over the lines of a message: which segments are there, and which OBX belongs where."""

from dataclasses import dataclass, field

from gateway.mapping.hl7v2.splitter import Split

PAD = [""] * 20


@dataclass(slots=True)
class Row:
    """One OBX: its fields (padded), its line, its OBR (an index, -1 before any) and its note."""

    fields: list[str]
    line: int
    group: int
    note: str = ""


@dataclass(slots=True)
class Segments:
    """The segments that mapping reads, as lists of fields; all others stay in the raw bytes."""

    names: list[str] = field(default_factory=list)
    pids: list[list[str]] = field(default_factory=list)
    orders: list[list[str]] = field(default_factory=list)
    requests: list[list[str]] = field(default_factory=list)
    txas: list[list[str]] = field(default_factory=list)
    participations: list[list[str]] = field(default_factory=list)
    consents: list[list[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def read_segments(split: Split) -> Segments:
    """Sorts the lines. OBX belongs to the last OBR, NTE to the last OBX (HL7V2 section 4)."""
    found = Segments()
    mark = split.marks.field
    kept = {
        "PID": found.pids,
        "ORC": found.orders,
        "OBR": found.requests,
        "TXA": found.txas,
        "PRT": found.participations,
        "ZFA": found.consents,
    }
    names, rows, group = found.names, found.rows, -1
    for number, line in enumerate(split.lines):
        name = line[:3]
        names.append(name)
        if name == "OBX":
            rows.append(Row(line.split(mark) + PAD, number, group))
        elif name in kept:
            kept[name].append(line.split(mark))
            if name == "OBR":
                group += 1
        elif name == "NTE" and names[-2:-1] in (["OBX"], ["NTE"]) and rows:
            _note(rows[-1], line.split(mark))
    return found


def _note(row: Row, fields: list[str]) -> None:
    text = fields[3] if len(fields) > 3 else ""
    row.note = f"{row.note}\n{text}" if row.note else text

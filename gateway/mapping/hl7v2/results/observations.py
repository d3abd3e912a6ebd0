"""OBX rows as discrete results (HL7V2 section 8): names, values and units as they were sent."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from gateway.mapping.datatypes.times import clock_iso, offset_of
from gateway.mapping.datatypes.units import is_ucum
from gateway.mapping.hl7v2.control.header import component, sent_at
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.escapes import unescape
from gateway.mapping.hl7v2.er7.segments import LAST, PAD, Row, Segments, tail_of
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.results.carets import meant, number_parts, unit_parts
from gateway.mapping.hl7v2.results.coded import SYSTEMS, chosen, stated
from gateway.mapping.hl7v2.results.kinds import category_of
from gateway.mapping.hl7v2.results.orders import named, order_of
from gateway.records.documents.observation import Observation

PLAIN = frozenset(("NM", "ST"))
CODED = frozenset(("CE", "CWE", "CNE", "CF", "IS"))
TEXTUAL = frozenset(("TX", "FT"))
TIMED = frozenset(("DT", "TS", "DTM"))
HOUR = re.compile(r"([01]\d|2[0-3])(?:([0-5]\d)(?:([0-5]\d)(?:\.\d+)?)?)?(?:[+-]\d{4})?", re.ASCII)
"""TM: the hour, then minutes and seconds as far as they are known."""
FREE_TEXT_VERSIONS = frozenset({"2.1", "2.2", "2.3", "2.3.1", "2.4"})


class Group(NamedTuple):
    """What an OBR says of its rows: `id` is the order (OBR-3 with its authority), `text` its name
    and, of an antibiogram, the germ (OBR-26); `category` is one of FHIR's."""

    code: str = ""
    text: str = ""
    id: str = ""
    specimen: str = ""
    note: str = ""
    category: str = "laboratory"


NOWHERE = Group()
EQUAL = "="
"""What SN.1 means where it is empty (HL7 2.5, 2.A.71)."""


def read_rows(rows: Sequence[Row], segments: Segments, parted: Split) -> list[Observation]:
    """One observation a row, in order; the offset of MSH-7 is that of every row."""
    reader = _Reader(parted)
    groups = [reader.group(n, segments) for n in range(len(segments.requests))]
    return [
        reader.observation(row, groups[row.group] if row.group >= 0 else NOWHERE) for row in rows
    ]


def count_headings(rows: Sequence[Row], marks: Delimiters) -> int:
    """Of how many `Observation.is_heading` will be true, without reading the others."""
    bare = [row.fields for row in rows if not row.fields[2] and row.fields[11] == "F"]
    return sum(
        not any(
            (
                value_of("", fields[5], marks),
                unit_of(fields[6], marks.component),
                stated(fields[7]),
                stated(component(fields[8], 1, marks)),
            )
        )
        for fields in bare
    )


class _Reader:
    """Leaves of one message's separators."""

    def __init__(self, parted: Split) -> None:
        self._parted = parted
        self._marks = parted.marks
        self._charset = parted.charset
        self._offset = offset_of(sent_at(parted))
        version = component((parted.fields(0) + PAD)[11], 1, parted.marks)
        self._free_text = version in FREE_TEXT_VERSIONS
        self._by_name: dict[tuple[str, str], Row] | None = None

    def group(self, number: int, segments: Segments) -> Group:
        fields = segments.requests[number] + PAD * 3
        code, text, _ = chosen(fields[4], self._marks.component)
        order = named(*order_of(fields[3], self._marks, self._charset))
        note = "\n".join(segments.request_notes.get(number, ()))
        code, text, note = (self._leaf(one) for one in (code, text, note))
        germ = self._germ(fields[26], segments) if fields[26] else ""
        text = " · ".join(one for one in (text, germ) if one)
        specimen = self._specimen(fields[15], number, segments)
        category = category_of(number, segments, self._parted)
        return Group(code, text, order, specimen, note, category)

    def _specimen(self, source: str, number: int, segments: Segments) -> str:
        """SPM-4 of the group in words, else OBR-15 (up to 2.6): its name, its free text, its code.
        Its third part is free text up to 2.4, and the method of collection later (SPS.3)."""
        named = [(one + PAD)[4] for one in segments.specimens.get(number, ())]
        words = [
            text or code for code, text, _ in (chosen(one, self._marks.component) for one in named)
        ]
        if not any(words) and source:
            coded = component(source, 1, self._marks)
            code, text, *_ = [*self._subs(coded), "", ""]
            free = component(source, 3, self._marks) if self._free_text else ""
            words = [text or free or code]
        return self._leaf(", ".join(dict.fromkeys(one for one in words if stated(one))))

    def _germ(self, parent: str, segments: Segments) -> str:
        """The result on which a group was made: its words (PRL.3), else the row that PRL.1 and
        PRL.2 point to by code and OBX-4."""
        if words := component(parent, 3, self._marks):
            return self._leaf(words)
        code = self._subs(component(parent, 1, self._marks))[0]
        row = self._named(segments.rows).get((code, component(parent, 2, self._marks)))
        if row is None or not code:
            return ""
        return self._leaf(value_of(row.fields[2], row.fields[5], self._marks))

    def _named(self, rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
        """By code and OBX-4, the first of two; gone through once for all groups."""
        if self._by_name is None:
            first = reversed(rows)
            self._by_name = {
                (component(r.fields[3], 1, self._marks), r.fields[4]): r for r in first
            }
        return self._by_name

    def _subs(self, text: str) -> list[str]:
        mark = self._marks.subcomponent
        return text.split(mark) if mark else [text]

    def observation(self, row: Row, group: Group) -> Observation:
        fields, marks = row.fields, self._marks
        kind, value = fields[2], fields[5]
        time, producer = "", ""
        if fields[LAST]:
            _, _, time, producer, *_ = tail_of(row, marks.field)
        code, text, system = chosen(fields[3], marks.component)
        if kind not in PLAIN or (marks.repetition and marks.repetition in value):
            value = value_of(kind, value, marks, self._offset)
        unit, note = unit_of(fields[6], marks.component), "\n".join(row.notes)
        leaves = [code, text, value, unit, stated(fields[7]), note]
        if row.escaped:
            leaves = [self._leaf(one) for one in leaves]
        code, text, value, unit, spans, note = leaves
        return Observation(
            code=code,
            system=SYSTEMS.get(system, system),
            text=text,
            value=value,
            value_type=kind,
            unit=unit,
            range=spans,
            flag=stated(component(fields[8], 1, marks)),
            status=fields[11],
            time=clock_iso(component(time, 1, marks), self._offset) if time else None,
            group=group.code,
            group_text=group.text,
            group_id=group.id,
            sub_id=stated(fields[4]),
            producer=self._leaf(_words(producer, marks)) if producer else "",
            note=note,
            specimen=group.specimen,
            group_note=group.note,
            category=group.category,
        )

    def _leaf(self, text: str) -> str:
        return unescape(text, self._marks, self._charset)


def unit_of(value: str, mark: str) -> str:
    """OBX-6 by its code: the UCUM one of its two, else the first."""
    if mark not in value:
        return stated(value)
    parts = [*unit_parts(value, mark), *[""] * 6]
    if parts[3] and not is_ucum(meant(parts[0])) and is_ucum(meant(parts[3])):
        return parts[3]
    return parts[0] or parts[1]


def value_of(kind: str, value: str, marks: Delimiters, offset: str = "") -> str:
    """The text of OBX-5: repetitions on lines of their own, a code by its words, SN joined, a date
    or time in ISO 8601 as that of its row (`offset` of the message). `""` (deleted) stays."""
    if marks.repetition and marks.repetition in value:
        parts = value.split(marks.repetition)
        return "\n".join(value_of(kind, part, marks, offset) for part in parts)
    if kind in TIMED:
        return clock_iso(component(value, 1, marks), offset) or value
    if kind == "TM":
        return hour_of(value) or value
    if marks.component not in value or kind in TEXTUAL or kind in PLAIN:
        return value
    if kind in CODED:
        code, text, _ = chosen(value, marks.component)
        return text or code
    if kind == "SN":
        return "".join(number_parts(value, marks.component)).removeprefix(EQUAL)
    parts = value.split(marks.component)
    return " ".join(part for part in parts if part)


def hour_of(value: str) -> str:
    """`1415` as 14:15; "" for what is no time of a day."""
    found = HOUR.fullmatch(value)
    return ":".join(part for part in found.groups() if part) if found else ""


def _words(value: str, marks: Delimiters) -> str:
    """OBX-15 by its words, else by its code."""
    return stated(component(value, 2, marks)) or stated(component(value, 1, marks))

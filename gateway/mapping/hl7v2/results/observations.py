"""OBX rows as discrete results (HL7V2 section 8): names, values and units as they were sent."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.escapes import unescape
from gateway.mapping.hl7v2.er7.segments import LAST, PAD, Row, Segments, tail_of
from gateway.mapping.times import iso_of
from gateway.mapping.units import is_ucum
from gateway.records.documents.observation import Observation

LOINC = "2.16.840.1.113883.6.1"
SYSTEMS = {"LN": LOINC, "LOINC": LOINC}
PLAIN = frozenset(("NM", "ST"))
CODED = frozenset(("CE", "CWE", "CNE", "CF", "IS"))
TEXTUAL = frozenset(("TX", "FT"))
TIMED = frozenset(("DT", "TS", "DTM"))
HOUR = re.compile(r"([01]\d|2[0-3])(?:([0-5]\d)(?:([0-5]\d)(?:\.\d+)?)?)?(?:[+-]\d{4})?", re.ASCII)
"""TM: the hour, then minutes and seconds as far as they are known."""
CATEGORY = "laboratory"
DELETED = '""'
ORIGINAL_TEXT = 8
"""CWE.9, counted from 0: what the sender read on its own screen."""


class Group(NamedTuple):
    """What an OBR says of its rows: `id` is the filler order number (OBR-3)."""

    code: str = ""
    text: str = ""
    id: str = ""
    specimen: str = ""
    note: str = ""


NOWHERE = Group()


def read_rows(
    rows: Sequence[Row], segments: Segments, marks: Delimiters, charset: str
) -> list[Observation]:
    """One observation a row, in order."""
    reader = _Reader(marks, charset)
    notes = segments.request_notes
    groups = [reader.group(fields, n, notes) for n, fields in enumerate(segments.requests)]
    return [
        reader.observation(row, groups[row.group] if row.group >= 0 else NOWHERE) for row in rows
    ]


class _Reader:
    """Leaves of one message's separators."""

    def __init__(self, marks: Delimiters, charset: str) -> None:
        self._marks = marks
        self._charset = charset

    def group(self, fields: list[str], number: int, notes: Mapping[int, Sequence[str]]) -> Group:
        fields = fields + PAD * 2
        code, text, _ = chosen(fields[4], self._marks.component)
        order = component(fields[3], 1, self._marks)
        source = component(fields[15], 1, self._marks)
        mark = self._marks.subcomponent
        specimen = [part for part in (source.split(mark) if mark else [source]) if part][1:2]
        note = "\n".join(notes.get(number, ()))
        return Group(*(self._leaf(one) for one in (code, text, order, *(specimen or [""]), note)))

    def observation(self, row: Row, group: Group) -> Observation:
        fields, marks = row.fields, self._marks
        kind, value = fields[2], fields[5]
        time, producer = "", ""
        if fields[LAST]:
            _, _, time, producer, *_ = tail_of(row, marks.field)
        code, text, system = chosen(fields[3], marks.component)
        if kind not in PLAIN or (marks.repetition and marks.repetition in value):
            value = value_of(kind, value, marks)
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
            time=iso_of(component(time, 1, marks)) if time else None,
            group=group.code,
            group_text=group.text,
            group_id=group.id,
            sub_id=fields[4],
            producer=self._leaf(_words(producer, marks)) if producer else "",
            note=note,
            specimen=group.specimen,
            group_note=group.note,
            category=CATEGORY,
        )

    def _leaf(self, text: str) -> str:
        return unescape(text, self._marks, self._charset)


def chosen(value: str, mark: str) -> tuple[str, str, str]:
    """Code, text and system of a CE or CWE, `mark` between its components.

    The LOINC one of its two, else the first that has a code; the words of the one stand in where
    the other has none.
    """
    if mark not in value:
        return stated(value), "", ""
    parts = [*value.split(mark), *[""] * 6]
    first, second = parts[0:3], parts[3:6]
    if second[0] and first[2] not in SYSTEMS and (second[2] in SYSTEMS or not first[0]):
        first, second = second, first
    return first[0], first[1] or second[1] or _original(parts), first[2]


def _original(parts: Sequence[str]) -> str:
    return parts[ORIGINAL_TEXT] if len(parts) > ORIGINAL_TEXT + 6 else ""


def stated(value: str) -> str:
    """A deleted name, unit, range or flag is none; a deleted value stays (`value_of`)."""
    return "" if value == DELETED else value


def unit_of(value: str, mark: str) -> str:
    """OBX-6 by its code: the UCUM one of its two, else the first."""
    if mark not in value:
        return stated(value)
    parts = [*value.split(mark), *[""] * 6]
    if parts[3] and not is_ucum(parts[0]) and is_ucum(parts[3]):
        return parts[3]
    return parts[0] or parts[1]


def value_of(kind: str, value: str, marks: Delimiters) -> str:
    """The text of OBX-5: repetitions on lines of their own, a code by its words, SN joined, a date
    or time in ISO 8601. `""` (deleted) stays."""
    if marks.repetition and marks.repetition in value:
        parts = value.split(marks.repetition)
        return "\n".join(value_of(kind, part, marks) for part in parts)
    if kind in TIMED:
        return iso_of(component(value, 1, marks)) or value
    if kind == "TM":
        return hour_of(value) or value
    if marks.component not in value or kind in TEXTUAL:
        return value
    if kind in CODED:
        code, text, _ = chosen(value, marks.component)
        return text or code
    parts = value.split(marks.component)
    return "".join(parts) if kind == "SN" else " ".join(part for part in parts if part)


def hour_of(value: str) -> str:
    """`1415` as 14:15; "" for what is no time of a day."""
    found = HOUR.fullmatch(value)
    return ":".join(part for part in found.groups() if part) if found else ""


def _words(value: str, marks: Delimiters) -> str:
    """OBX-15 by its words, else by its code."""
    return component(value, 2, marks) or component(value, 1, marks)

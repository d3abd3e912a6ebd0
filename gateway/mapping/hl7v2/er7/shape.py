"""The shape of a message: every segment and field by number and name, what stands in it masked.

Separators, lengths, repetitions and the codes of HL7's own tables (types SI and ID) are left: what
somebody needs who mends the software that wrote it. Names and types are those of the message's own
version (HL7 2.5 chapter 2, by hl7apy), of 2.5 where that one is unknown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.splitter import Split, split
from gateway.records.intake.reading import Reading

MASK = "●●●"
VERSION = "2.5"
HEADERS = frozenset({"MSH", "MSA", "FHS", "BHS"})
"""Whole, but for what is kept secret on purpose."""
SECRET = frozenset({"MSH-8", "FHS-8", "BHS-8"})
OF_THE_MESSAGE = frozenset({"ERR", "EVN", "NTE", "OBR", "OBX", "ORC", "SFT", "SPM", "TQ1", "TXA"})
"""Their codes of HL7's tables say nothing of a person; in other segments only how an identifier or
a name is meant."""
HOW = frozenset({"CX_5", "HD_3", "XPN_7", "XCN_10", "XCN_13"})
CODES = frozenset({"SI", "ID"})
OIDS = frozenset({"HD_2"})
"""Who gives out an identifier: the root, never the number."""
OID = re.compile(r"[0-2](?:\.\d{1,20})+")
TYPE_OF_DOCUMENT = "TXA-2"
DOCUMENTS = frozenset({"ED", "RP"})
CODE = re.compile(r"[A-Za-z0-9./_-]{1,12}")
MAX_SHOWN, MAX_FIELDS, MAX_PARTS = 160, 100, 30
"""Characters of one field, fields of one segment, parts of one field."""
Reference = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldShape:
    """`shown` has MASK for each value that could be a person's; `characters` counts them all, with
    `cut` bytes of a document in base64 that stand there besides."""

    number: int
    name: str
    type: str
    shown: str
    characters: int
    repetitions: int
    cut: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentShape:
    """`number` counts the lines of the message from 1; empty fields are left out."""

    number: int
    name: str
    fields: tuple[FieldShape, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageShape:
    """`count` of all segments; `how` the character set became known."""

    charset: str
    how: str
    version: str
    count: int
    segments: tuple[SegmentShape, ...]


def shape_of(raw: bytes, reading: Reading, *, first: int, rows: int) -> MessageShape | None:
    """Of these segments (`first` from 0); None where the bytes are no HL7v2."""
    done = split(raw, reading)
    if done is None:
        return None
    msh = done.fields(0)
    version = msh[11].split(done.marks.component)[0] if len(msh) > 11 else ""
    known = version if version in _libraries() else VERSION
    last = min(first + rows, len(done.lines))
    return MessageShape(
        charset=done.charset,
        how=done.how,
        version=known,
        count=len(done.lines),
        segments=tuple(_segment(done, number, known) for number in range(first, last)),
    )


def _segment(done: Split, number: int, version: str) -> SegmentShape:
    name, *values = done.fields(number)
    if name in ("MSH", "FHS", "BHS"):
        values = [done.marks.field, *values]
    references = _references(version, name)
    shapes = []
    for at, value in enumerate(values[:MAX_FIELDS], 1):
        reference = references[at - 1] if at <= len(references) else None
        if (name, at) == ("OBX", 5):
            reference = _valued(version, values[1], reference)
        cut = len(done.cuts[number].data) if (name, at) == ("OBX", 5) and number in done.cuts else 0
        if value or cut:
            shapes.append(_field(f"{name}-{at}", value, reference, done.marks, cut))
    return SegmentShape(
        number=number + 1, name=name, fields=tuple(shapes), more=len(values) > MAX_FIELDS
    )


def _field(
    place: str, value: str, reference: Reference | None, marks: Delimiters, cut: int
) -> FieldShape:
    kind, name = (str(reference[2]), str(reference[3])) if reference else ("", "")
    header = place[3:] in ("-1", "-2") and place[:3] in HEADERS
    repeated = [value] if header or not marks.repetition else value.split(marks.repetition)
    if place[:3] in HEADERS and place not in SECRET:
        shown = value
    else:
        shown = (marks.repetition or "").join(
            _repetition(place, one, reference, marks) for one in repeated[:MAX_PARTS]
        )
    return FieldShape(
        number=int(place[4:]),
        name=name.replace("_", " ").capitalize(),
        type=kind,
        shown=shown if len(shown) <= MAX_SHOWN else f"{shown[:MAX_SHOWN]}…",
        characters=len(value),
        repetitions=len(repeated),
        cut=cut,
    )


def _repetition(place: str, text: str, reference: Reference | None, marks: Delimiters) -> str:
    parts = text.split(marks.component)
    inner = _children(reference)
    if not inner and len(parts) == 1:
        return _leaf(place, text, _own(reference))
    shown = []
    for at, part in enumerate(parts[:MAX_PARTS]):
        name, child = inner[at] if at < len(inner) else ("", None)
        shown.append(_component(place, at, part, (name, child), marks))
    return marks.component.join(shown)


def _component(
    place: str, at: int, text: str, of: tuple[str, Reference | None], marks: Delimiters
) -> str:
    name, child = of
    inner = _children(child)
    if not inner or not marks.subcomponent or marks.subcomponent not in text:
        first = inner[0] if inner else (name, child)
        is_type = place == TYPE_OF_DOCUMENT and at == 0
        return _leaf(place, text, (first[0], "ID" if is_type else _own(first[1])[1]))
    parts = text.split(marks.subcomponent)[:MAX_PARTS]
    leaves = [inner[n] if n < len(inner) else ("", None) for n in range(len(parts))]
    return marks.subcomponent.join(
        _leaf(place, part, (leaf[0], _own(leaf[1])[1]))
        for part, leaf in zip(parts, leaves, strict=True)
    )


def _leaf(place: str, text: str, named: tuple[str, str]) -> str:
    name, kind = named
    if not text:
        return ""
    if name in OIDS and OID.fullmatch(text):
        return text
    open_here = place[:3] in OF_THE_MESSAGE or name in HOW or (kind == "SI")
    return text if open_here and kind in CODES and CODE.fullmatch(text) else MASK


def _own(reference: Reference | None) -> tuple[str, str]:
    return ("", str(reference[2])) if reference else ("", "")


def _children(reference: Reference | None) -> Sequence[tuple[str, Reference]]:
    """The names of the components of a type, and what they are."""
    if reference is None or reference[0] != "sequence":
        return ()
    return [(str(one[0]), one[1]) for one in reference[1]]


def _valued(version: str, kind: str, varies: Reference | None) -> Reference | None:
    """OBX-5 is of the type that OBX-2 names: what a document is said to be can be read."""
    if kind not in DOCUMENTS or varies is None:
        return varies
    return ("sequence", _struct(version, kind), kind, *varies[3:])


@lru_cache(maxsize=1)
def _libraries() -> frozenset[str]:
    from hl7apy import SUPPORTED_LIBRARIES  # a fifth of a second, for this page alone

    return frozenset(SUPPORTED_LIBRARIES)


@lru_cache(maxsize=512)
def _references(version: str, name: str) -> Sequence[Reference]:
    """What the fields of a segment are, in order; none of one that the version has not."""
    from hl7apy import load_library
    from hl7apy.exceptions import ChildNotFound

    try:
        found = load_library(version).get(name, "Segment")
    except ChildNotFound:
        return ()
    return [one[1] for one in found[1]]


@lru_cache(maxsize=64)
def _struct(version: str, kind: str) -> Reference:
    from hl7apy import load_library

    found: Reference = load_library(version).DATATYPES_STRUCTS.get(kind, ())
    return found

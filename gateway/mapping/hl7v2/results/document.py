"""The document of a message that brings results only: the message itself (HL7V2 section 8)."""

import hashlib
import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gateway.mapping.datatypes.times import clock_iso, offset_of
from gateway.mapping.hl7v2.control.header import component, sent_at
from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, Delimiters
from gateway.mapping.hl7v2.er7.escapes import unescape
from gateway.mapping.hl7v2.er7.segments import Row, Segments
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.results.coded import chosen, stated
from gateway.mapping.hl7v2.results.findings import CORRECTING
from gateway.mapping.hl7v2.results.kinds import kind_of_orders
from gateway.mapping.hl7v2.results.observations import value_of
from gateway.mapping.hl7v2.results.orders import named, order_of
from gateway.mapping.labels import (
    LabelFields,
    class_of,
    display_of,
    fields_of,
    label_of,
    type_system_of,
)
from gateway.records.documents.document import RESULTS_TYPE, Action, Author, BodyKind, Document
from gateway.records.messages.message import Header
from gateway.records.patients.patient import PatientIdentity

KINDS = 256
HELD_BYTES = 2047
"""Up to here hashlib keeps the interpreter lock (HASHLIB_GIL_MINSIZE)."""
VERSION_BITS = 0xF << 76 | 0x3 << 62
VERSION_5 = 0x5 << 76 | 0x2 << 62


class _Kind(NamedTuple):
    """What every document of one type bears."""

    display: str
    system: str | None
    class_code: str | None
    label: LabelFields


@lru_cache(maxsize=KINDS)
def _kind(code: str) -> _Kind:
    display = display_of(code) or code
    label = fields_of(label_of(code, class_of(code), display))
    return _Kind(display, type_system_of(code), class_of(code), label)


def build_document(
    raw: bytes,
    header: Header,
    rows: Sequence[Row],
    segments: Segments,
    parted: Split,
    patient: PatientIdentity,
) -> Document:
    """The document of a message that brings results only: the message itself is its body.

    A corrected or deleted result (OBX-11 C, D or W) makes it a replacement within its set, which
    is the sender's first filler order number, with the authority of the number as extension. Its
    type is what the orders name, else that of biology (`kinds`).
    """
    time, requests, marks = sent_at(parted), segments.requests, parted.marks
    orders = _orders(requests, rows, marks, header.charset)
    origin = _origin(header, marks)
    type_code = kind_of_orders(rows, segments, parted)
    kind = _kind(type_code)
    corrected = not CORRECTING.isdisjoint({row.fields[11] for row in rows})
    return Document(
        patient=patient,
        action=Action.REPLACE if corrected else Action.CREATE,
        type_code=type_code,
        type_system=kind.system,
        type_display=kind.display,
        class_code=kind.class_code,
        title=kind.display,
        **kind.label,
        unique_id=oid_of(f"{origin}|{header.control_id}"),
        set_id=named(oid_of(f"{origin}||{orders[0][0]}"), orders[0][1]) if orders else None,
        confidentiality=("N",),
        language="fr-FR",
        creation_time=clock_iso(time, ""),
        service_start=_earliest(requests, 7, marks, time),
        service_stop=_earliest(requests, 8, marks, time),
        mime_type=RESULTS_TYPE,
        body=BodyKind.STRUCTURED,
        size=len(raw),
        sha1=_digest(hashlib.sha1(usedforsecurity=False), raw),
        sha256=_digest(hashlib.sha256(), raw),
        authors=_authors(header),
        identifiers=tuple(dict.fromkeys((header.control_id, *(number for number, _ in orders)))),
    )


def _origin(header: Header, marks: Delimiters) -> str:
    """MSH-3 and MSH-4 as the usual separators write them: a sender is the same in any others."""
    parties = [header.sending_application, header.sending_facility]
    if marks is not DEFAULT:
        own = marks.component + marks.subcomponent
        usual = str.maketrans(own, "^&"[: len(own)])
        parties = [one.translate(usual) for one in parties]
    return "|".join(parties)


def _digest(digest: "hashlib._Hash", raw: bytes) -> str:
    """In short steps: hashlib lets go of the interpreter lock for any longer one, and a busy
    process waits far longer to have it back than these few microseconds."""
    for at in range(0, len(raw), HELD_BYTES):
        digest.update(raw[at : at + HELD_BYTES])
    return digest.hexdigest()


def _orders(
    requests: Sequence[list[str]], rows: Sequence[Row], marks: Delimiters, charset: str
) -> tuple[tuple[str, str], ...]:
    """OBR-3 of every group that has a result, in order: number and authority."""
    used = dict.fromkeys([row.group for row in rows])
    written = (requests[group][3] for group in used if group >= 0 and len(requests[group]) > 3)
    orders = (order_of(one, marks, charset) for one in written)
    return tuple(dict.fromkeys(order for order in orders if order[0]))


def oid_of(name: str) -> str:
    """A sender's own name as an OID under 2.25, the same for ever: the number of a UUID 5."""
    data = uuid.NAMESPACE_OID.bytes + name.encode("utf-8", "surrogateescape")
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    number = int.from_bytes(digest[:16], "big")
    return f"2.25.{(number & ~VERSION_BITS) | VERSION_5}"


def _earliest(
    requests: Sequence[list[str]], number: int, marks: Delimiters, sent: str
) -> str | None:
    written = {component(fields[number], 1, marks) for fields in requests if len(fields) > number}
    offset = offset_of(sent)
    times = [clock_iso(one, offset) for one in written]
    return min((time for time in times if time), default=None)


def facility_of(header: Header) -> str:
    """The sending facility (MSH-4), else the application (MSH-3); "" where both are empty."""
    named = (header.sending_facility, header.sending_application)
    names = (stated(one.split(header.encoding[:1] or "^", 1)[0]) for one in named)
    return next((one for one in names if one), "")


def _authors(header: Header) -> tuple[Author, ...]:
    name = facility_of(header)
    return (Author(kind="organization", organization_name=name),) if name else ()


def title_of(rows: Sequence[Row], segments: Segments, parted: Split) -> str:
    return _kind(kind_of_orders(rows, segments, parted)).display


def words_of(rows: Sequence[Row], segments: Segments, marks: Delimiters, charset: str) -> str:
    """The words a patient may search for in results: names of groups and rows, texts, notes."""
    named = dict.fromkeys([fields[4] for fields in segments.requests if len(fields) > 4])
    named.update(dict.fromkeys([row.fields[3] for row in rows]))
    words = [chosen(one, marks.component)[1] for one in named]
    words += [note for notes in segments.request_notes.values() for note in notes]
    for row in rows:
        if row.fields[2] != "NM":
            words.append(value_of(row.fields[2], row.fields[5], marks))
        if row.notes:
            words += row.notes
    return unescape(" ".join(word for word in words if word), marks, charset)

"""OBX rows as discrete results, and the document built of them (HL7V2 section 8)."""

import hashlib
import uuid
from collections.abc import Sequence
from functools import lru_cache

from gateway.mapping.hl7v2.delimiters import Delimiters
from gateway.mapping.hl7v2.escapes import unescape
from gateway.mapping.hl7v2.findings import failure, warning
from gateway.mapping.hl7v2.header import component
from gateway.mapping.hl7v2.segments import LAST, PAD, Row, tail_of
from gateway.mapping.hl7v2.times import iso_time
from gateway.mapping.labels import LabelFields, fields_of, label_of
from gateway.records.document import Action, Author, BodyKind, Document
from gateway.records.finding import Finding
from gateway.records.message import Header
from gateway.records.observation import Observation
from gateway.records.patient import PatientIdentity

TYPE_CODE, TYPE_DISPLAY, CLASS_CODE = "11502-2", "CR d'examens biologiques", "10"
HELD_BYTES = 2047
"""Up to here hashlib keeps the interpreter lock (HASHLIB_GIL_MINSIZE)."""
LOINC = "2.16.840.1.113883.6.1"
MIME_TYPE = "x-application/hl7-v2+er7"
VERSION_BITS = 0xF << 76 | 0x3 << 62
VERSION_5 = 0x5 << 76 | 0x2 << 62
STATUSES = frozenset("CDFINOPRSUVWXAB")
"""HL70085."""
SYSTEMS = {"LN": LOINC}
_new = tuple.__new__
"""Makes a named tuple without its constructor: a twentieth of the time of a message of 40 rows."""
UNSAID = tuple(Observation._field_defaults.values())
"""What a CDA entry says more than a row does."""
PLAIN = frozenset(("NM", "ST"))
CODED = frozenset(("CE", "CWE", "CNE", "CF"))
TEXTUAL = frozenset(("TX", "FT"))


def read_rows(
    rows: Sequence[Row], requests: Sequence[list[str]], marks: Delimiters, charset: str
) -> tuple[list[Observation], list[Finding]]:
    """One observation a row, in order, and what is wrong with rows (OBX-3 or OBX-11 empty...)."""
    groups = [_group(fields, marks, charset) for fields in requests]
    nowhere = ("", "", "")
    observations = [
        _observation(row, groups[row.group] if row.group >= 0 else nowhere, marks, charset)
        for row in rows
    ]
    if is_plain(rows, marks):
        return observations, []
    findings: list[Finding] = []
    for number, one in enumerate(observations, 1):
        findings += _row_findings(one, number)
    return observations, findings


def is_plain(rows: Sequence[Row], marks: Delimiters) -> bool:
    """Nothing to say about any row: the usual case, asked in a few set operations."""
    named = {row.fields[3] for row in rows}
    return (
        {row.fields[11] for row in rows} <= STATUSES
        and "" not in named
        and not any(one.startswith(marks.component) for one in named)
        and "," not in "".join([row.fields[5] for row in rows])
    )


def _group(fields: list[str], marks: Delimiters, charset: str) -> tuple[str, str, str]:
    fields = fields + PAD
    code = unescape(component(fields[4], 1, marks), marks, charset)
    text = unescape(component(fields[4], 2, marks), marks, charset)
    return code, text, unescape(component(fields[3], 1, marks), marks, charset)


def _observation(
    row: Row, group: tuple[str, str, str], marks: Delimiters, charset: str
) -> Observation:
    fields = row.fields
    kind, named, value, unit, spans = fields[2], fields[3], fields[5], fields[6], fields[7]
    time, producer = "", ""
    if fields[LAST]:
        _, _, time, producer, *_ = tail_of(row, marks.field)
    note = "\n".join(row.notes) if row.notes else ""
    parts = named.split(marks.component)
    code, text, system = parts if len(parts) == 3 else [*parts, "", ""][:3]
    if kind not in PLAIN or marks.repetition in value:
        value = _value(kind, value, marks)
    if marks.component in unit:
        unit = unit.split(marks.component, 1)[0]
    if row.escaped:
        code, text, value, unit, spans, note = (
            unescape(leaf, marks, charset) for leaf in (code, text, value, unit, spans, note)
        )
    return _new(
        Observation,
        (code, SYSTEMS.get(system, system), text, value, kind, unit, spans, fields[8], fields[11],
         iso_time(time) if time else None, *group, fields[4],
         _producer(producer, marks, charset) if producer else "", note, *UNSAID),
    )  # fmt: skip


def _value(kind: str, value: str, marks: Delimiters) -> str:
    """The text of OBX-5: repetitions on lines of their own, a code by its words, SN joined."""
    if marks.repetition and marks.repetition in value:
        parts = value.split(marks.repetition)
        return "\n".join(_value(kind, part, marks) for part in parts)
    if marks.component not in value or kind in TEXTUAL:
        return value
    parts = value.split(marks.component)
    if kind in CODED:
        return parts[1] or parts[0]
    return "".join(parts) if kind == "SN" else " ".join(part for part in parts if part)


def _producer(value: str, marks: Delimiters, charset: str) -> str:
    """OBX-15 by its words, else by its code."""
    words = component(value, 2, marks) or component(value, 1, marks)
    return unescape(words, marks, charset)


def _row_findings(one: Observation, number: int) -> list[Finding]:
    findings = []
    if not one.code and not one.text:
        findings.append(
            failure("required", f"OBX[{number}]-3", 101, "OBX-3 (what was observed) is empty.")
        )
    if not one.status:
        findings.append(
            failure("required", f"OBX[{number}]-11", 101, "OBX-11 (result status) is empty.")
        )
    elif one.status not in STATUSES:
        findings.append(
            failure("status", f"OBX[{number}]-11", 103, "OBX-11 is not in table HL70085.")
        )
    if one.value_type == "NM" and "," in one.value:
        text = "A number has a decimal point; the comma was kept as text."
        findings.append(warning("decimal-comma", f"OBX[{number}]-5", text))
    return findings


@lru_cache(maxsize=1)
def _label() -> LabelFields:
    return fields_of(label_of(TYPE_CODE, CLASS_CODE, TYPE_DISPLAY))


def build_document(
    raw: bytes,
    header: Header,
    time: str,
    requests: Sequence[list[str]],
    rows: Sequence[Row],
    marks: Delimiters,
    patient: PatientIdentity,
) -> Document:
    """The document of a message that brings results only: the message itself is its body.

    A corrected result (OBX-11 C) makes it a replacement within its set, which is the sender's
    first filler order number.
    """
    fillers = _fillers(requests, rows, marks, header.charset)
    origin = f"{header.sending_application}|{header.sending_facility}"
    corrected = "C" in {row.fields[11] for row in rows}
    return Document(
        patient=patient,
        action=Action.REPLACE if corrected else Action.CREATE,
        type_code=TYPE_CODE,
        type_system=LOINC,
        type_display=TYPE_DISPLAY,
        class_code=CLASS_CODE,
        title=TYPE_DISPLAY,
        **_label(),
        unique_id=oid_of(f"{origin}|{header.control_id}"),
        set_id=oid_of(f"{origin}||{fillers[0]}") if fillers else None,
        confidentiality=("N",),
        language="fr-FR",
        creation_time=iso_time(time),
        service_start=_earliest(requests, 7),
        service_stop=_earliest(requests, 8),
        mime_type=MIME_TYPE,
        body=BodyKind.STRUCTURED,
        size=len(raw),
        sha1=_digest(hashlib.sha1(usedforsecurity=False), raw),
        sha256=_digest(hashlib.sha256(), raw),
        authors=_authors(header),
        identifiers=tuple(dict.fromkeys((header.control_id, *fillers))),
    )


def _digest(digest: "hashlib._Hash", raw: bytes) -> str:
    """In short steps: hashlib lets go of the interpreter lock for any longer one, and a busy
    process waits far longer to have it back than these few microseconds."""
    for at in range(0, len(raw), HELD_BYTES):
        digest.update(raw[at : at + HELD_BYTES])
    return digest.hexdigest()


def _fillers(
    requests: Sequence[list[str]], rows: Sequence[Row], marks: Delimiters, charset: str
) -> tuple[str, ...]:
    """OBR-3.1 of every group that has a result, in order."""
    used = dict.fromkeys([row.group for row in rows])
    named = (requests[group][3] for group in used if group >= 0 and len(requests[group]) > 3)
    codes = (unescape(component(one, 1, marks), marks, charset) for one in named)
    return tuple(dict.fromkeys(code for code in codes if code))


def oid_of(name: str) -> str:
    """A sender's own name as an OID under 2.25, the same for ever: the number of a UUID 5."""
    data = uuid.NAMESPACE_OID.bytes + name.encode("utf-8", "surrogateescape")
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    number = int.from_bytes(digest[:16], "big")
    return f"2.25.{(number & ~VERSION_BITS) | VERSION_5}"


def _earliest(requests: Sequence[list[str]], number: int) -> str | None:
    times = [iso_time(fields[number]) for fields in requests if len(fields) > number]
    return min((time for time in times if time), default=None)


def facility_of(header: Header) -> str:
    """The sending facility (MSH-4), else the application (MSH-3); "" where both are empty."""
    named = header.sending_facility or header.sending_application
    return named.split(header.encoding[:1] or "^", 1)[0]


def _authors(header: Header) -> tuple[Author, ...]:
    name = facility_of(header)
    return (Author(kind="organization", organization_name=name),) if name else ()


def words_of(
    rows: Sequence[Row], requests: Sequence[list[str]], marks: Delimiters, charset: str
) -> str:
    """The words a patient may search for in results: names of groups and rows, texts, notes."""
    named = dict.fromkeys([fields[4] for fields in requests if len(fields) > 4])
    named.update(dict.fromkeys([row.fields[3] for row in rows]))
    words = [component(one, 2, marks) for one in named]
    for row in rows:
        if row.fields[2] != "NM":
            words.append(_value(row.fields[2], row.fields[5], marks))
        if row.notes:
            words += row.notes
    return unescape(" ".join(word for word in words if word), marks, charset)

"""Entries as rows, and back; nothing of them is clear but ids, kind, state and times."""

from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Raw, Struct, json

from gateway.records.entries.entry import GONE, Entry, EntryState, Source, Word, Writer
from gateway.records.entries.kind import KINDS, EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.store.columns import instant, micros, micros_or_none
from gateway.store.engine.statements import Row
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.sealing import bound, seal, unseal

ENTRY = (
    "number id patient kind state version added_at written_at happened_at"
    " part_name source_name same_name sealed"
)
READ = "number id patient kind state version added_at written_at sealed"
NUMBERS = "entry"
NOTHING = Raw(b"null")

AnyRow = Any  # a row; its columns are named in READ


class _Packed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sealed of an entry."""

    writer: Writer
    content: Raw = NOTHING
    source: Source = Source()
    disagreement: Word | None = None
    confirmed: Word | None = None


def source_name(keys: Keys, patient: bytes, entry: Entry) -> bytes | None:
    """Of what an application calls it; None where it has no name there."""
    source = entry.source
    if not (source.application and source.identifier):
        return None
    said = [source.application, source.identifier]
    return keys.name(b"entry source", f"{patient.hex()} {entry.kind} {said!r}")


def same_name(keys: Keys, patient: bytes, entry: Entry) -> bytes | None:
    """What one application sends is like nothing but what it sent itself (MEA-03)."""
    same = entry.content.same() if entry.content else ""
    if not same:
        return None
    said = [entry.source.application, same]
    return keys.name(b"entry same", f"{patient.hex()} {entry.kind} {said!r}")


def part_name(keys: Keys, patient: bytes, kind: EntryKind, part: str) -> bytes | None:
    return keys.name(b"entry part", f"{patient.hex()} {kind} {part}") if part else None


def sealed_entry(entry: Entry, patient: bytes, cipher: AESGCM) -> bytes:
    """Of what is gone nothing of its content."""
    kept = entry.content is not None and entry.state not in GONE
    content = Raw(json.encode(entry.content)) if kept else NOTHING
    packed = _Packed(
        writer=entry.writer,
        content=content,
        source=entry.source,
        disagreement=entry.disagreement,
        confirmed=entry.confirmed,
    )
    return seal(cipher, json.encode(packed), _bound(patient, entry.id, entry.version))


def changed(entry: Entry, patient: bytes, cipher: AESGCM, keys: Keys) -> dict[str, Any]:
    """The columns that a version has of its own. Of what is gone it stays known what it was, so
    that it does not come again."""
    content = entry.content
    values: dict[str, Any] = {
        "state": entry.state.value,
        "version": entry.version,
        "written_at": micros(entry.written_at),
        "happened_at": micros_or_none(content.happened()) if content else None,
        "part_name": part_name(keys, patient, entry.kind, content.part() if content else ""),
        "sealed": sealed_entry(entry, patient, cipher),
    }
    return values | ({"same_name": same_name(keys, patient, entry)} if content else {})


def entry_row(entry: Entry, number: int, patient: bytes, cipher: AESGCM, keys: Keys) -> Row:
    """In the order of ENTRY."""
    content = entry.content
    return (
        number,
        entry.id,
        patient,
        entry.kind.value,
        entry.state.value,
        entry.version,
        micros(entry.added_at),
        micros(entry.written_at),
        micros_or_none(content.happened()) if content else None,
        part_name(keys, patient, entry.kind, content.part() if content else ""),
        source_name(keys, patient, entry),
        same_name(keys, patient, entry),
        sealed_entry(entry, patient, cipher),
    )


def entry_of(row: AnyRow, cipher: AESGCM, record: PatientKey) -> Entry:
    """`record` is the key of whose record it is now. Raises InvalidTag."""
    plain = unseal(cipher, row.sealed, _bound(row.patient, row.id, row.version))
    packed = json.decode(plain, type=_Packed)
    kind = EntryKind(row.kind)
    content = None
    if packed.content != NOTHING:
        content = json.decode(packed.content, type=KINDS[kind].content)
    return Entry(
        id=row.id,
        patient=record,
        kind=kind,
        content=content,
        writer=packed.writer,
        added_at=instant(row.added_at),
        written_at=instant(row.written_at),
        state=EntryState(row.state),
        version=row.version,
        source=packed.source,
        disagreement=packed.disagreement,
        confirmed=packed.confirmed,
    )


def _bound(patient: bytes, entry: str, version: int) -> bytes:
    return bound(b"entry", patient, f"{entry}:{version}".encode())

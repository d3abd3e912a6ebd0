"""Cards: what a list shows of documents, opened one by one or as they were opened before.

A list reads the rows of its documents each time. What a row held is not opened again where the
row is still the same to the last byte, its seal among them (decision 038).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from gateway.records.documents.document import Label
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none
from gateway.store.documents.filing.facts import AnyRow
from gateway.store.documents.packed import card_bound
from gateway.store.documents.shelf.changes import changed_of
from gateway.store.documents.shelf.veils import codes_of, hides_of
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.opened import KeptCards
from gateway.store.keys.sealing import unseal

D = schema.document
CARD = (
    D.c.number,
    D.c.id,
    D.c.patient,
    D.c.receipt,
    D.c.status,
    D.c.type_code,
    D.c.class_code,
    D.c.label,
    D.c.organization,
    D.c.codes,
    D.c.mime_type,
    D.c.size,
    D.c.results,
    D.c.deposited_at,
    D.c.hidden_from,
    D.c.announced_at,
    D.c.by_patient,
    D.c.read_at,
    D.c.masked_at,
    D.c.sealed,
    D.c.own_label,
    D.c.masked_until,
    D.c.unmasked_at,
    D.c.changed_at,
    D.c.own_label_at,
    D.c.archived_at,
    D.c.metadata_version,
)
CARD_COLUMNS = " ".join(column.name for column in CARD)
LIST_COLUMNS = f"{CARD_COLUMNS} superseded_by"
NEWEST = attrgetter("deposited_at", "number")
STATUSES = {status.value: status for status in DocumentStatus}
LABELS = {label.value: label for label in Label}
NOTHING_KEPT: KeptCards = {}


def cards_of(
    connection: Connection,
    keyring: Keyring,
    rows: Sequence[AnyRow],
    records: Mapping[bytes, PatientKey],
    before: Mapping[str, str],
    now: datetime,
) -> list[Card]:
    """Newest first; `before` are the codes of replaced versions by the id of what follows."""
    made, _ = _made(connection, keyring, rows, records, before, now, NOTHING_KEPT)
    return made


def cards_of_record(
    connection: Connection,
    keyring: Keyring,
    rows: Sequence[AnyRow],
    records: Mapping[bytes, PatientKey],
    before: Mapping[str, str],
    now: datetime,
) -> list[Card]:
    """The same, of all rows of one record: what they held is kept for its next list."""
    whose = next(iter(records.values()))
    seen = keyring.seen(connection)
    kept = keyring.opened.of(whose, seen)
    made, opened = _made(connection, keyring, rows, records, before, now, kept)
    keyring.opened.keep(whose, opened, seen)
    return made


def _made(
    connection: Connection,
    keyring: Keyring,
    rows: Sequence[AnyRow],
    records: Mapping[bytes, PatientKey],
    before: Mapping[str, str],
    now: datetime,
    kept: KeptCards,
) -> tuple[list[Card], KeptCards]:
    """The cards, and those of them that may be kept: of what nobody masked or hid, since that is
    read against the clock."""
    ciphers = keyring.opening(connection, {row.patient for row in rows})
    hides = hides_of(connection, keyring, records, now)
    made, opened = [], {}
    for row in sorted(rows, key=NEWEST, reverse=True):
        cipher = ciphers.get(row.patient)
        if cipher is None:
            continue
        modified = before.get(row.id) == row.codes
        known = kept.get(row.number)
        if known is None or known[0] != row or known[1].modified != modified or row.id in hides:
            card = card_of(row, cipher, records[row.patient], now, hides, modified=modified)
            known = row, card
        made.append(known[1])
        if row.masked_at is None and row.unmasked_at is None and row.id not in hides:
            opened[row.number] = known
    return made, opened


def card_of(
    row: AnyRow,
    cipher: AESGCM,
    record: PatientKey,
    now: datetime,
    hides: Mapping[str, tuple[Hide, ...]],
    *,
    modified: bool,
) -> Card:
    """Straight out of JSON and by position (as CARD has it): a list makes hundreds of these."""
    number, identifier, patient, receipt, status, type_code, class_code, label = row[:8]
    organization, codes, mime_type, size, results, deposited_at, hidden_from = row[8:15]
    announced_at, by_patient, read_at, masked_at, sealed, own_label = row[15:21]
    mask = None if masked_at is None else _mask(masked_at, row[21])
    packed = orjson.loads(unseal(cipher, sealed, card_bound(patient, number)))
    return Card(
        id=identifier,
        patient=record,
        receipt=receipt,
        status=STATUSES[status],
        type_code=type_code or packed.get("type_code"),
        class_code=class_code or packed.get("class_code"),
        label=LABELS[label],
        title=packed["title"],
        author=packed["author"],
        author_ids=tuple(packed["author_ids"]),
        organization=organization or packed.get("organization"),
        organization_name=packed["organization_name"],
        act_date=packed["act_date"],
        codes=codes_of(codes, row[22], now),
        mime_type=mime_type,
        size=size,
        results=results,
        deposited_at=instant(deposited_at),
        hidden_from=instant_or_none(hidden_from),
        announced_at=instant_or_none(announced_at),
        by_patient=bool(by_patient),
        read=read_at is not None,
        masked_by_patient=mask is not None and mask.holds(now),
        own_label=LABELS[own_label] if own_label else None,
        mask=mask,
        hides=hides.get(identifier, ()),
        modified=modified,
        changed=changed_of(row[23], row[22], row[24]),
        archived_at=instant_or_none(row[25]),
        metadata_version=row[26] or 1,
    )


def _mask(since: int, until: int | None) -> Mask:
    return Mask(since=instant(since), until=instant_or_none(until))

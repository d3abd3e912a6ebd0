"""Rows of before: what they bear in clear of a person or a disease is sealed or renamed, once.

That takes the keys, which no migration has: `gateway migrate` does it behind the schema, and each
start of a daemon what yesterday's code wrote since. How far they were looked through stands in
`counter`; a step is one transaction, so that neither a kill nor a neighbour is in its way.
"""

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, Select, func, or_, select, update

from gateway.clock import SystemIds
from gateway.records.messages.mailbox import is_patient_box, without_person
from gateway.records.patients.patient import DESK
from gateway.records.task import MAILS
from gateway.store import schema
from gateway.store.columns import pack
from gateway.store.documents.coded import class_column, organization_column, type_column
from gateway.store.documents.filing.names import digest_of_sender, key_of_sender
from gateway.store.documents.packed import (
    card_bound,
    packed_card,
    packed_receipt,
    receipt_bound,
)
from gateway.store.engine.engines import writing_engine
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import seal

R, D, T, MARK = schema.receipt, schema.document, schema.task, schema.counter
MARKED = MARK.c.name == "sealed"
STEP = 5_000
"""Numbers looked through in one transaction."""
AGAIN = 10_000
"""Numbers looked at again at each start: another node may have committed a lower one later."""
BY_HAND = "pro/"
NAMED = re.compile(r"(pro/)?[0-9a-f]{32}(@.*)?", re.DOTALL)
SENT, SENT_WORDS = "sent", "sent: %"
RECEIPT = "number id patient sender digest key_name digest_name sealed"
AnyRow = Any  # a row; its columns are named in the query beside it


def seal_words_of_before(url: str, keys: Keys) -> int:
    """How many rows were changed; 0 for a schema that has no mark yet. May be broken off and begun
    again. A row whose key is destroyed or damaged loses what its key would have to seal, or keeps
    it."""
    engine = writing_engine(url)
    keyring, changed = Keyring(keys, SystemIds()), 0
    try:
        with engine.begin() as connection:
            mark, last = connection.scalar(select(MARK.c.next).where(MARKED)), _last(connection)
            if mark is None:
                return 0
            if mark == 0:
                changed += _shorten_outcomes(connection)
        for first in range(max(mark - AGAIN, 0), last + 1, STEP):
            with engine.begin() as connection:
                end = min(first + STEP, last + 1)
                changed += _seal_receipts(connection, keyring, first, end)
                changed += _seal_documents(connection, keyring, first, end)
                connection.execute(update(MARK).where(MARKED, MARK.c.next < end).values(next=end))
        if changed and engine.dialect.name == "sqlite":
            _empty_wal(engine)
    finally:
        engine.dispose()
    return changed


def _empty_wal(engine: Engine) -> None:
    """In no transaction: as far as others let it."""
    with closing(engine.raw_connection()) as raw:
        driver: Any = raw.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _last(connection: Connection) -> int:
    """The highest number; receipts and documents share theirs."""
    found = [connection.scalar(select(func.max(table.c.number))) for table in (R, D)]
    return max(one or 0 for one in found)


def _shorten_outcomes(connection: Connection) -> int:
    """What relays said of mails that they took: it may quote the mailbox of a patient."""
    kinds = [kind.value for kind in MAILS]
    said = update(T).where(T.c.kind.in_(kinds), T.c.outcome.like(SENT_WORDS))
    return connection.execute(said.values(outcome=SENT)).rowcount


def named(sender: str, keys: Keys) -> str:
    """What a sender is called in a column: software as it is, a person by a name of ours."""
    if NAMED.fullmatch(sender):
        return sender
    if sender.startswith(BY_HAND):
        return BY_HAND + keys.professional(sender.removeprefix(BY_HAND))
    return without_person(sender, keys.box) if "@" in sender else sender


def _seal_receipts(connection: Connection, keyring: Keyring, first: int, end: int) -> int:
    columns = (R.c[name] for name in RECEIPT.split())
    query = select(*columns).where(R.c.number >= first, R.c.number < end, _a_person(R.c.sender))
    rows = [row for row in connection.execute(query) if not NAMED.fullmatch(row.sender)]
    ciphers, _ = keyring.sound(connection, [row.patient for row in rows])
    for row in rows:
        values = _receipt(row, keyring.keys, ciphers.get(row.patient or DESK))
        connection.execute(update(R).where(R.c.number == row.number).values(**values))
    return len(rows)


def _a_person(sender: Any) -> Any:  # a column, and a condition of it
    return or_(sender.contains("@"), sender.startswith(BY_HAND))


def _receipt(row: AnyRow, keys: Keys, cipher: AESGCM | None) -> dict[str, object]:
    """Under its new name it is found again when the same comes a second time."""
    sender = named(row.sender, keys)
    values: dict[str, object] = {"sender": sender}
    if row.digest_name is not None:
        values["digest_name"] = digest_of_sender(keys, sender, row.digest)
    try:
        packed = packed_receipt(row, cipher) if cipher else None
    except InvalidTag:
        packed = None
    if packed is None or cipher is None:
        return values
    if row.key_name is not None and packed.key:
        values["key_name"] = key_of_sender(keys, sender, packed.key)
    if "@" in row.sender and not is_patient_box(row.sender):
        plain = pack(replace(packed, writer=row.sender))
        values["sealed"] = seal(cipher, plain, receipt_bound(row))
    return values


def _seal_documents(connection: Connection, keyring: Keyring, first: int, end: int) -> int:
    query = select(D.c.number, D.c.sender, D.c.type_code, D.c.class_code, D.c.organization)
    query = query.where(D.c.number >= first, D.c.number < end)
    clear: dict[int, dict[str, object]] = {}
    for row in connection.execute(query):
        if values := _document(row, keyring.keys):
            clear[row.number] = values
    rows = connection.execute(_cards(clear)).all() if clear else []
    ciphers, damaged = keyring.sound(connection, {row.patient for row in rows})
    changed = 0
    for row in rows:
        values = _with_card(row, clear[row.number], ciphers.get(row.patient))
        if row.patient in damaged:
            values = {name: value for name, value in values.items() if name == "sender"}
        if values:
            connection.execute(update(D).where(D.c.number == row.number).values(**values))
            changed += 1
    return changed


def _cards(numbers: Mapping[int, object]) -> Select[Any]:
    words = (D.c.type_code, D.c.class_code, D.c.organization)
    return select(D.c.number, D.c.patient, D.c.sealed, *words).where(D.c.number.in_(list(numbers)))


def _document(row: AnyRow, keys: Keys) -> dict[str, object]:
    """The columns that must not stay as they are."""
    wanted = {
        "sender": named(row.sender, keys),
        "type_code": type_column(row.type_code),
        "class_code": class_column(row.class_code),
        "organization": organization_column(row.organization),
    }
    return {name: value for name, value in wanted.items() if value != getattr(row, name)}


def _with_card(row: AnyRow, values: dict[str, object], cipher: AESGCM | None) -> dict[str, object]:
    """With the card that bears the words from now on; without a key nobody may read them."""
    words = {name: getattr(row, name) for name in values if name != "sender"}
    if cipher is None or not words:
        return values
    try:
        card = replace(packed_card(row, cipher), **words)
    except InvalidTag:
        return {name: value for name, value in values.items() if name == "sender"}
    sealed = seal(cipher, pack(card), card_bound(row.patient, row.number))
    return values | {"sealed": sealed}

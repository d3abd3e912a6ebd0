"""Where filed documents stand: cards for lists, and each document's parts when it is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select

from gateway.mapping.results import words_in
from gateway.records.documents.document import Document
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.store import schema
from gateway.store.columns import can_be, unpack
from gateway.store.documents.filing.facts import AnyRow
from gateway.store.documents.filing.rows import WORDS_IN_BODY
from gateway.store.documents.receipts.journal import body_of
from gateway.store.documents.shelf.cards import (
    CARD,
    LIST_COLUMNS,
    card_of,
    cards_of,
    cards_of_record,
)
from gateway.store.documents.shelf.lookups import ShelfLookups
from gateway.store.documents.shelf.results import observations_in, observations_in_each
from gateway.store.documents.shelf.veils import hides_of_documents
from gateway.store.documents.shelf.versions import newest_of, older_than
from gateway.store.engine.statements import select_in
from gateway.store.index.lineage import record, roots
from gateway.store.keys.sealing import bound, unseal

D = schema.document
FOUND_AT_ONCE = 200
CURRENT = DocumentStatus.CURRENT.value
OLDER = D.alias()
CODES_BEFORE = (
    select(OLDER.c.codes).where(OLDER.c.superseded_by == D.c.id).limit(1).scalar_subquery()
)
FOUND = select(
    *CARD,
    D.c.sender,
    D.c.superseded_by,
    schema.content.c.details,
    CODES_BEFORE.label("codes_before"),
).join(schema.content, schema.content.c.number == D.c.number)


class DatabaseShelf(ShelfLookups):
    """The port `Shelf`."""

    async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
        """Those of every name that leads to this patient's record; each bears the record's key."""

        def work(connection: Connection) -> list[Card]:
            names = record(connection, patient)
            rows = select_in(connection, D, LIST_COLUMNS, "patient", names)
            before = _before(rows)
            if current_only:
                rows = [row for row in rows if row.status == CURRENT]
            records = dict.fromkeys(names, PatientKey(names[0]))
            keyring, now = self._database.keyring, self._database.clock.now()
            return cards_of_record(connection, keyring, rows, records, before, now)

        return await self._database.read(work)

    async def find(self, document: str) -> Shelved | None:
        return (await self.find_each([document])).get(document)

    async def find_each(self, documents: Sequence[str]) -> dict[str, Shelved]:
        found: dict[str, Shelved] = {}
        for first in range(0, len(documents), FOUND_AT_ONCE):
            some = documents[first : first + FOUND_AT_ONCE]
            found |= await self._database.read(partial(self._find, documents=some))
        return found

    async def newest(self, document: str) -> Shelved | None:
        def work(connection: Connection) -> Shelved | None:
            newest = newest_of(connection, document)
            return self._find(connection, [newest]).get(newest)

        return await self._database.read(work)

    def _find(self, connection: Connection, documents: Sequence[str]) -> dict[str, Shelved]:
        asked = FOUND.where(D.c.id.in_([one for one in documents if can_be(one)]))
        rows = connection.execute(asked).all()
        if not rows:
            return {}
        keyring, now = self._database.keyring, self._database.clock.now()
        owners = {row.patient for row in rows}
        ciphers, records = keyring.opening(connection, owners), roots(connection, owners)
        hides = hides_of_documents(connection, keyring, [row.id for row in rows], now)
        return {
            row.id: _shelved(row, ciphers[row.patient], records[row.patient], now, hides)
            for row in rows
            if row.patient in ciphers
        }

    async def body(self, document: str) -> bytes:
        """Raises LookupError for a document that is not there or whose key is destroyed."""

        def work(connection: Connection) -> bytes:
            number = connection.scalar(select(D.c.number).where(D.c.id == document))
            if number is None:
                raise LookupError("no such document")
            return body_of(connection, self._database.keyring, number)

        return await self._database.read(work)

    async def observations(self, document: str) -> list[Observation]:
        keyring = self._database.keyring
        return list(await self._database.read(lambda one: observations_in(one, keyring, document)))

    async def observations_each(
        self, patient: PatientKey, documents: Sequence[str]
    ) -> dict[str, tuple[Observation, ...]]:
        keyring = self._database.keyring
        return await self._database.read(
            lambda one: observations_in_each(one, keyring, patient, documents)
        )

    async def words(self, patient: PatientKey, words: Sequence[str]) -> set[str]:
        """A word matches where one of the document's words begins with it."""
        c = schema.content
        query = select(D.c.id, D.c.patient, c.c.number, c.c.words)
        query = query.join(D, D.c.number == c.c.number)
        begins = [f" {word}" for word in words]

        def work(connection: Connection) -> set[str]:
            names = record(connection, patient)
            ciphers = self._database.keyring.opening(connection, names)
            found = set()
            rows = connection.execute(query.where(D.c.patient.in_(names))).all()
            for identifier, owner, number, sealed in rows:
                if owner not in ciphers:
                    continue
                if sealed == WORDS_IN_BODY:
                    text = " " + words_in(body_of(connection, self._database.keyring, number))
                else:
                    bound_to = bound(b"words", owner, b"%d" % number)
                    text = " " + unseal(ciphers[owner], sealed, bound_to).decode()
                if all(begin in text for begin in begins):
                    found.add(identifier)
            return found

        return await self._database.read(work)

    async def versions(self, document: str) -> list[Card]:
        """What `document` superseded, and what that superseded, and so on; never what left its
        record since (a merge that was undone)."""

        def work(connection: Connection) -> list[Card]:
            identifiers = older_than(connection, document)
            if not identifiers:
                return []
            owner = connection.scalar(select(D.c.patient).where(D.c.id == document))
            names = record(connection, owner or b"")
            found = select_in(connection, D, LIST_COLUMNS, "id", identifiers)
            rows = [row for row in found if row.patient in names]
            records = dict.fromkeys(names, PatientKey(names[0]))
            keyring, now = self._database.keyring, self._database.clock.now()
            return cards_of(connection, keyring, rows, records, _before(rows), now)

        return await self._database.read(work)


def _before(rows: Sequence[AnyRow]) -> dict[str, str]:
    """The codes of replaced versions by the id of what follows."""
    return {row.superseded_by: row.codes for row in rows if row.superseded_by}


def _shelved(
    row: AnyRow,
    cipher: AESGCM,
    record: PatientKey,
    now: datetime,
    hides: Mapping[str, tuple[Hide, ...]],
) -> Shelved:
    associated = bound(b"details", row.patient, b"%d" % row.number)
    came = unpack(Document, unseal(cipher, row.details, associated))
    document = replace(came, confidentiality=tuple(row.codes.split()))  # as updated since
    return Shelved(
        card=card_of(row, cipher, record, now, hides, modified=row.codes_before == row.codes),
        document=document,
        sender=row.sender,
        superseded_by=row.superseded_by,
    )

"""What is looked up beside the documents themselves: ends of what was hidden, deposits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.records.documents.deposited import Deposited
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.store import schema
from gateway.store.documents.filing.names import unique_name
from gateway.store.documents.receipts.deposits import deposits_of
from gateway.store.documents.shelf.acts import ShelfActs
from gateway.store.documents.shelf.changes import ends_of_hides
from gateway.store.documents.shelf.versions import ends_of
from gateway.store.engine.statements import select_in, select_last
from gateway.store.index.lineage import record


class ShelfLookups(ShelfActs):
    """Part of the port `Shelf`."""

    async def ends(self, patient: PatientKey) -> dict[str, str]:
        def work(connection: Connection) -> dict[str, str]:
            names = record(connection, patient)
            rows = select_in(connection, schema.document, "id superseded_by", "patient", names)
            return ends_of({row.id: row.superseded_by for row in rows if row.superseded_by})

        return await self._database.read(work)

    async def named(self, unique_ids: Sequence[str]) -> dict[str, str]:
        keys = self._database.keyring.keys
        texts = {unique_name(keys, one): one for one in unique_ids}

        def work(connection: Connection) -> dict[str, str]:
            rows = select_last(connection, schema.document, "id unique_name", "unique_name", texts)
            return {texts[row.unique_name]: row.id for row in rows}

        return await self._database.read(work)

    async def hides_ended(
        self, patient: PatientKey, targets: Sequence[Hide], *, by: datetime
    ) -> dict[str, datetime]:
        keyring = self._database.keyring
        return await self._database.read(
            lambda connection: ends_of_hides(connection, keyring, patient, targets, by)
        )

    async def deposits(self, receipts: Sequence[str]) -> list[Deposited]:
        keyring = self._database.keyring
        return await self._database.read(
            lambda connection: deposits_of(connection, keyring, receipts)
        )

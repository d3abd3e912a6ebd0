"""Later understandings of receipts, sealed like the receipt they belong to."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select

from gateway.mapping.labels.decided import as_decided
from gateway.records.documents.replayed import Relabelling, Replayed
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK, PatientKey
from gateway.store import schema
from gateway.store.columns import micros, pack, unpack
from gateway.store.documents.shelf.labels import STORED, relabelled, store_label, stored_document
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.reach import Reach

T, D = schema.replay, schema.document


class DatabaseReplays:
    """The port `Replays`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def latest(self, receipt: str) -> Replayed | None:
        query = select(T.c.at, T.c.patient, T.c.sealed).where(T.c.receipt == receipt)
        query = query.order_by(T.c.at.desc()).limit(1)

        def work(connection: Connection) -> Replayed | None:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            owner = row.patient or DESK
            cipher = self._keyring.opening(connection, [owner]).get(owner)
            if cipher is None:
                return None
            return unpack(Replayed, unseal(cipher, row.sealed, _bound(owner, receipt, row.at)))

        return await self._reach.read(work)

    async def keep(self, replayed: Replayed, changes: Sequence[Relabelling], act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            owner = self._keep(connection, replayed)
            acts = [replace(act, patient=owner)]
            for change in changes:
                acts += self._relabel(connection, replayed, change, act)
            add_traces(connection, replayed.at, acts)

        await self._reach.write(work)

    def _keep(self, connection: Connection, replayed: Replayed) -> PatientKey:
        """In whose log it stands: that of its receipt's record, or the desk's."""
        r = schema.receipt
        query = select(r.c.patient).where(r.c.id == replayed.receipt)
        patient = connection.execute(query).scalar_one()
        owner, at = patient or DESK, micros(replayed.at)
        cipher = self._keyring.sealing(connection, [owner])[owner]
        values = {
            "receipt": replayed.receipt,
            "at": at,
            "patient": patient,
            "sealed": seal(cipher, pack(replayed), _bound(owner, replayed.receipt, at)),
        }
        connection.execute(insert(T).values(**values))
        return owner

    def _relabel(
        self, connection: Connection, replayed: Replayed, change: Relabelling, act: NewTrace
    ) -> list[NewTrace]:
        """An operator's word that came while the bytes were read again stays."""
        row = connection.execute(STORED.where(D.c.id == change.id)).one()
        stored = stored_document(connection, self._keyring, row)
        document = as_decided(change.document, stored)
        store_label(connection, self._keyring, row, document, at=micros(replayed.at))
        if not change.shown:
            return []
        entry = relabelled(row, change.id, by=act.actor)
        return [replace(entry, actor_name=act.actor_name or act.actor, address=act.address)]


def _bound(owner: bytes, receipt: str, at: int) -> bytes:
    return bound(b"replay", owner, f"{receipt}|{at}".encode())

"""Marks of notices: entry numbers and keys only, nothing of what they say."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from gateway.ports.people.notices import Marked
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.engine.statements import insert_or_leave
from gateway.store.index.lineage import record
from gateway.store.log.traces import add
from gateway.store.reach import Reach

T = schema.notice_mark
EVERYBODY = b""


class DatabaseNoticeMarks:
    """The port `NoticeMarks`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def of(self, patient: PatientKey, reader: str) -> Marked:
        """By every name of the record: a merge brings along what was read before it."""

        def work(connection: Connection) -> Marked:
            names = record(connection, patient)
            theirs = T.c.reader.in_([*_names(connection, reader), EVERYBODY])
            query = select(T.c.reader, T.c.number).where(T.c.patient.in_(names), theirs)
            rows = connection.execute(query).all()
            return Marked(
                read=frozenset(row.number for row in rows if row.reader != EVERYBODY),
                gone=frozenset(row.number for row in rows if row.reader == EVERYBODY),
            )

        return await self._reach.read(work)

    async def read(self, patient: PatientKey, reader: str, numbers: Sequence[int]) -> None:
        await self._reach.write(lambda c: _mark(c, patient, bytes.fromhex(reader), numbers))

    async def drop(self, patient: PatientKey, numbers: Sequence[int], *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            _mark(connection, patient, EVERYBODY, numbers)
            add(connection, self._reach.clock.now(), [act])

        await self._reach.write(work)


def _names(connection: Connection, reader: str) -> Sequence[bytes]:
    return list(record(connection, PatientKey(bytes.fromhex(reader))))


def _mark(
    connection: Connection, patient: PatientKey, reader: bytes, numbers: Sequence[int]
) -> None:
    for number in numbers:
        row = {"patient": patient, "reader": reader, "number": number}
        insert_or_leave(connection, T, row)

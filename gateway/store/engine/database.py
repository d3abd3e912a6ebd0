"""The database behind three verbs: `write`, `read` and `file`, blocking on threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text

from gateway.clock import Clock, Ids, SystemIds
from gateway.errors import DeferredError
from gateway.ports.documents.journal import Judge
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.records.health import Disk
from gateway.records.intake.filing import Answer, Intake
from gateway.store.documents.filing.waves import Filer
from gateway.store.engine.engines import reading_engine, serving_engine
from gateway.store.engine.failures import away, deferred, only_read, report
from gateway.store.engine.ground import Ground
from gateway.store.engine.reserve import Reserve
from gateway.store.engine.waiting import Limits, WaitingRoom
from gateway.store.engine.wires import Wires
from gateway.store.engine.writer import Job, Writer, closed
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.keyring import Keyring

T = TypeVar("T")

DEFAULT_LIMITS = Limits()
SMALL_BYTES = 1_000
STUCK_SECONDS = 5.0
NO_METRICS = NoMetrics()
ONLY_READ = text("SHOW transaction_read_only")
"""Also "on" of a server that follows another."""
IN_FORCE = text("SELECT version_num FROM alembic_version")
HEAD = "PRAGMA user_version"


class Database:
    """Opened on a migrated schema; used from one event loop at a time."""

    def __init__(
        self,
        url: str,
        keyring: Keyring,
        judge: Judge,
        *,
        clock: Clock,
        limits: Limits,
        metrics: Metrics,
    ) -> None:
        self.url = url
        self.keyring = keyring
        self.clock = clock
        self._limits = limits
        self._room = WaitingRoom(limits)
        self._turn: list[Job] = []
        self._reading: Engine = reading_engine(url)
        self._writing: Engine = serving_engine(url)
        self._wires = Wires(self._reading), Wires(self._writing)
        self._readers = ThreadPoolExecutor(limits.readers, thread_name_prefix="store-reader")
        filer = Filer(keyring, judge)
        self._reserve = Reserve(url, limits.reserve_bytes)
        self._ground = Ground(url)
        self._writer = Writer(
            self._writing,
            keyring,
            filer.file_group,
            reserve=self._reserve,
            ground=self._ground,
            max_group=limits.max_group,
            metrics=metrics,
        )
        self._is_closed = False

    @classmethod
    def open(
        cls,
        url: str,
        *,
        keys: Keys,
        judge: Judge,
        clock: Clock,
        ids: Ids | None = None,
        limits: Limits = DEFAULT_LIMITS,
        metrics: Metrics = NO_METRICS,
    ) -> "Database":
        keyring = Keyring(keys, ids or SystemIds())
        return cls(url, keyring, judge, clock=clock, limits=limits, metrics=metrics)

    @property
    def waiting(self) -> int:
        """Units that are not durable yet, for the metrics."""
        return self._room.units

    @property
    def is_broken(self) -> bool:
        """Nothing can be written until the process starts anew (a failed fsync)."""
        return self._writer.is_broken

    @property
    def is_full(self) -> bool:
        """Whether inputs are deferred for want of space."""
        return self._reserve.is_touched()

    @property
    def disk(self) -> Disk | None:
        """The room left, None on a server's disk."""
        return self._reserve.disk()

    @property
    def is_stuck(self) -> bool:
        """The commit under way takes so long that what comes now would wait in vain."""
        return self._writer.busy_seconds > STUCK_SECONDS

    async def answer(self) -> None:
        """Reads one row, of a table that has one: what it costs does not depend on what waits.
        Raises DeferredError, or what the engine says, where nothing can be read."""
        await self.read(lambda connection: connection.scalar(IN_FORCE))

    async def only_reads(self) -> bool:
        """Whether nothing can be stored because the server, or the file, only lets read. It is
        asked, and nothing is written but where the writer of a file met it."""
        if self._reading.dialect.name == "postgresql":
            return await self.read(self._only_reads)
        return self._ground.is_frozen() or (
            self._writer.met_only_read and await self._refuses_a_write()
        )

    async def _refuses_a_write(self) -> bool:
        """Of a file that may be written by what is said of it: its head is, as it stands."""
        try:
            await self.write(_write_the_head)
        except DeferredError as error:
            if error.__cause__ is None or not only_read(error.__cause__):
                raise
            return True
        return False

    def _only_reads(self, connection: Connection) -> bool:
        """A session keeps what its server was set to when it began: where one says so, or where
        the writer met it, a new one is asked, and the older ones are not kept."""
        if connection.scalar(ONLY_READ) == "off" and not self._writer.met_only_read:
            return False
        connection.rollback()
        connection.invalidate()
        self._reading.dispose()
        return bool(connection.scalar(ONLY_READ) == "on")

    async def file(self, intake: Intake) -> Answer:
        """Judged, stored and fsynced; DeferredError when that cannot be done now.

        What was begun may still be committed after its sender heard that it could not be: sent
        again, it gets the first answer.
        """
        answer: Answer = await self._put(intake, len(intake.raw), self._limits.answer_seconds)
        return answer

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in a savepoint of the next commit; its exception comes back to the caller.

        DeferredError after `act_seconds`, though a commit that was begun may still succeed.
        """
        result: T = await self._put(work, SMALL_BYTES, self._limits.act_seconds)
        return result

    async def read(self, query: Callable[[Connection], T]) -> T:
        if self._is_closed:
            raise closed()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, partial(self._read, query))

    async def close(self) -> None:
        """What waits is still committed and answered; then the connections are closed.

        Those of a server that answers nothing are cut.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._end_of_turn()
        cutting = asyncio.get_running_loop().call_later(self._limits.stop_seconds, self._cut)
        await asyncio.to_thread(self._writer.stop, patience_seconds=2 * self._limits.stop_seconds)
        await asyncio.to_thread(self._readers.shutdown)
        cutting.cancel()
        self._reading.dispose()
        self._writing.dispose()

    def _cut(self) -> None:
        self._readers.shutdown(wait=False, cancel_futures=True)
        for wires in self._wires:
            wires.cut()

    async def _put(
        self, work: Intake | Callable[[Connection], T], size: int, patience_seconds: float
    ) -> Any:
        if self._is_closed:
            raise closed()
        await self._room.enter(size)
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        job = Job(work, future, loop, size)
        self._hand_over(job)
        patience = loop.call_later(patience_seconds, self._give_up, job)
        try:
            return await future
        finally:
            patience.cancel()
            self._room.leave(size)

    def _give_up(self, job: Job) -> None:
        self._writer.withdraw(job)
        if not job.future.done():
            job.future.set_exception(away())

    def _hand_over(self, job: Job) -> None:
        """What one turn of the event loop brings goes to the writer together, at its end.

        No timer: a lone unit leaves in the same turn. The writer's thread does not wake while
        the loop still understands the neighbours of the first unit, and groups get deeper.
        """
        self._turn.append(job)
        if len(self._turn) == 1:
            job.loop.call_soon(self._end_of_turn)

    def _end_of_turn(self) -> None:
        jobs, self._turn = self._turn, []
        self._writer.put(jobs)

    def _read(self, query: Callable[[Connection], T]) -> T:
        try:
            self._ground.check()
            with self._reading.connect() as connection:
                try:
                    result = query(connection)
                except BaseException:
                    self.keyring.rolled_back(connection)
                    raise
                self.keyring.committed(connection)
                return result
        except Exception as error:
            later = deferred(error)
            if later is None:
                raise
            report("store.not_read", error)
            raise later from error


def _write_the_head(connection: Connection) -> None:
    connection.exec_driver_sql(f"{HEAD} = {connection.exec_driver_sql(HEAD).scalar()}")

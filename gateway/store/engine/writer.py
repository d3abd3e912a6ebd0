"""The writer's thread: takes all that waits, commits once, answers once.

While one commit is on its way to the disk the next group gathers by itself: one fsync serves
many senders, and no timer ever delays a single one.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import structlog
from sqlalchemy import Connection, Engine

from gateway.errors import DeferredError
from gateway.ports.metrics import Metrics
from gateway.records.intake.filing import Answer, Intake
from gateway.store.engine.failures import (
    OnlyReadError,
    SilentFailureError,
    away,
    deferred,
    full,
    only_read,
    passes_alone,
    report,
    sync_failed,
)
from gateway.store.engine.ground import Ground
from gateway.store.engine.reserve import Reserve
from gateway.store.keys.keyring import Keyring
from gateway.store.log.traces import WAITING_TRACES, write_waiting

log = structlog.get_logger()

ONE_BY_ONE_SECONDS = 10.0
"""How long units of a group that failed are tried by themselves; the rest comes again later."""
Outcome = Any  # an answer, what a write returned, or the exception for its caller
FileGroup = Callable[[Connection, Sequence[Intake]], Sequence[Answer | Exception]]


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One caller that waits: an intake to file, or a function of a connection."""

    work: Intake | Callable[[Connection], Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    size: int


class Writer:
    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        file_group: FileGroup,
        *,
        reserve: Reserve,
        ground: Ground,
        max_group: int,
        metrics: Metrics,
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._file_group = file_group
        self._reserve = reserve
        self._ground = ground
        self._max_group = max_group
        self._metrics = metrics
        self._queue: deque[Job] = deque()
        self._bell = threading.Condition()
        self._closing = False
        self._broken = False
        self._only_read = False
        self._deferred = 0
        self._began: float | None = None
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    @property
    def is_broken(self) -> bool:
        """An fsync failed: nothing is written any more, the process must start anew."""
        return self._broken

    @property
    def met_only_read(self) -> bool:
        """The last commit was refused by a server, or by a disk, that only lets read."""
        return self._only_read

    @property
    def busy_seconds(self) -> float:
        """How long the commit under way has taken so far; 0 between two."""
        began = self._began
        return 0.0 if began is None else perf_counter() - began

    def put(self, jobs: Sequence[Job]) -> None:
        with self._bell:
            self._queue.extend(jobs)
            self._bell.notify()

    def withdraw(self, job: Job) -> None:
        """It is never begun, unless it was taken already."""
        with self._bell, suppress(ValueError):
            self._queue.remove(job)

    def stop(self, *, patience_seconds: float) -> bool:
        """Whether everything that waited has its outcome."""
        with self._bell:
            self._closing = True
            self._bell.notify_all()
        self._thread.join(patience_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while jobs := self._take():
            self._began = started = perf_counter()
            outcomes = self._commit(jobs)
            self._began = None
            self._metrics.committed(units=len(jobs), seconds=perf_counter() - started)
            _deliver(jobs, outcomes)
            del jobs, outcomes  # what is stored is not held until the next message comes
        self._hang_up()

    def _take(self) -> list[Job]:
        with self._bell:
            while not self._queue and not self._closing:
                self._bell.wait()
            count = min(len(self._queue), self._max_group)
            return [self._queue.popleft() for _ in range(count)]

    def _commit(self, jobs: list[Job]) -> list[Outcome]:
        """All of them in one commit; when that fails for what may be one's own, one by one."""
        try:
            return self._transact(jobs)
        except Exception as error:  # noqa: BLE001 - every caller must get an outcome
            report("store.not_committed", error, count=len(jobs))
            if len(jobs) == 1 or not passes_alone(error):
                return [self._refusal(error)] * len(jobs)
        until = perf_counter() + ONE_BY_ONE_SECONDS
        outcomes: list[Outcome] = []
        for job in jobs:
            outcomes += self._commit([job]) if perf_counter() < until else [away()]
        return outcomes

    def _refusal(self, error: Exception) -> Exception:
        self._broken = self._broken or sync_failed(error)
        self._only_read = only_read(error)
        if not isinstance(error, OnlyReadError):  # to close a connection is to write, sometimes
            self._hang_up()
        later = deferred(error)
        if later is None:
            return error
        later.__cause__ = error
        return later

    def _transact(self, jobs: list[Job]) -> list[Outcome]:
        if self._broken:
            raise away()
        self._ground.check()
        connection = self._open()
        try:
            self._keyring.begin(connection)
            outcomes = self._work(connection, jobs)
            write_waiting(connection, self._keyring)
            _commit_all(connection)
        except BaseException:
            self._abandon(connection)
            raise
        self._keyring.committed(connection)
        self._only_read = False
        return outcomes

    def _work(self, connection: Connection, jobs: list[Job]) -> list[Outcome]:
        """Intakes first and together, then each function behind its own savepoint."""
        intakes = [job.work for job in jobs if isinstance(job.work, Intake)]
        answers = iter(self._file(connection, intakes) if intakes else ())
        return [
            next(answers) if isinstance(job.work, Intake) else self._call(connection, job.work)
            for job in jobs
        ]

    def _file(self, connection: Connection, intakes: list[Intake]) -> Sequence[Answer | Exception]:
        if self._reserve.is_touched():
            self._tell_deferred(len(intakes))
            return [full() for _ in intakes]
        self._tell_taken_again()
        return self._file_group(connection, intakes)

    def _tell_deferred(self, count: int) -> None:
        """A line when it begins and one when it ends, however many senders try meanwhile."""
        if not self._deferred:
            log.warning("store.reserve_touched")
        self._deferred += count

    def _tell_taken_again(self) -> None:
        if self._deferred:
            log.warning("store.reserve_free", count=self._deferred)
        self._deferred = 0

    def _call(self, connection: Connection, work: Callable[[Connection], Any]) -> Outcome:
        waiting = connection.info.setdefault(WAITING_TRACES, [])
        count = len(waiting)
        try:
            with connection.begin_nested():
                return work(connection)
        except Exception as error:
            if deferred(error) is not None:
                raise
            del waiting[count:]
            self._keyring.rolled_back(connection)
            return error

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _abandon(self, connection: Connection) -> None:
        """What the transaction gathered goes with it; a lost connection takes it along."""
        try:
            connection.rollback()
            connection.info.pop(WAITING_TRACES, None)
            self._keyring.rolled_back(connection)
        except Exception:  # noqa: BLE001 - the connection is dropped; the first error is told
            self._hang_up()

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def _commit_all(connection: Connection) -> None:
    """Raises SilentFailureError where the database would keep nothing of it, and not say so."""
    if _is_lost(connection):
        raise SilentFailureError
    connection.commit()


def _is_lost(connection: Connection) -> bool:
    """Whether the driver has rolled back already, or will where it is asked to commit."""
    if not connection.in_transaction():
        return False
    driver: Any = connection.connection.driver_connection  # sqlite3's connection or psycopg's
    if connection.dialect.name == "sqlite":
        return not driver.in_transaction
    return driver.info.transaction_status.name not in ("IDLE", "INTRANS")


def _deliver(jobs: list[Job], outcomes: list[Outcome]) -> None:
    """One call a loop for the whole batch."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Job, Outcome]]] = {}
    for job, outcome in zip(jobs, outcomes, strict=True):
        by_loop.setdefault(job.loop, []).append((job, outcome))
    for loop, pairs in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_tell, pairs)


def _tell(pairs: list[tuple[Job, Outcome]]) -> None:
    for job, outcome in pairs:
        if job.future.done():
            continue
        if isinstance(outcome, Exception):
            job.future.set_exception(outcome)
        else:
            job.future.set_result(outcome)


def closed() -> DeferredError:
    return DeferredError("The gateway is stopping. Send it again later.")

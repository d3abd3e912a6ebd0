"""hl7apy's strict validation in a process of its own, with a time limit.

A sender that asks for it waits for it; nobody else does, because neither the event loop nor the
interpreter lock of this process is held meanwhile, and the worker steps back from the processors
for everybody else.
"""

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import structlog

from gateway.clock import processor_seconds
from gateway.mapping.hl7v2.strict import validate
from gateway.records.intake.finding import Finding, Severity

log = structlog.get_logger()
START_SECONDS, LIMIT_SECONDS = 60.0, 5.0
MAX_WAITS = 5
"""Of the limit each, for a worker that had no half of its processor: on a busy machine a strict
sender is validated later, and not left out."""
TRIES = 2
NICENESS = 5
NOT_VALIDATED = Finding(
    code="not-validated",
    severity=Severity.INFO,
    where="/",
    message="Strict validation could not be done and was left out for this message.",
)


class StrictValidator:
    """One worker, started by the first message that needs it, ended when it takes too long.

    Messages of several strict senders take turns; the limit counts a message's own time, not the
    time it waited, nor that in which the worker had no processor. A worker that died under one
    message is not held against it: it is tried once more in a new one.
    """

    def __init__(self, *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._limit_seconds = limit_seconds
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()

    async def __call__(self, raw: bytes) -> list[Finding]:
        """What the message breaks of its published structure; never raises."""
        async with self._turn:
            for _ in range(TRIES):
                pool = self._pool = self._pool or _new_pool()
                try:
                    return await self._validated(pool, raw)
                except TimeoutError:
                    self._end(pool)
                    break
                except BrokenProcessPool:
                    self._end(pool)
                except Exception:
                    log.exception("strict.failed", bytes=len(raw))
                    return [NOT_VALIDATED]
        log.warning("strict.abandoned", bytes=len(raw))
        return [NOT_VALIDATED]

    async def _validated(self, pool: ProcessPoolExecutor, raw: bytes) -> list[Finding]:
        loop = asyncio.get_running_loop()
        await asyncio.wait_for(loop.run_in_executor(pool, os.getpid), START_SECONDS)
        began, work = _used(pool), loop.run_in_executor(pool, validate, raw)
        try:
            for _ in range(MAX_WAITS):
                await asyncio.wait([work], timeout=self._limit_seconds)
                if work.done():
                    return work.result()
                if _used(pool) - began >= self._limit_seconds / 2:
                    break
        finally:
            work.cancel()
        raise TimeoutError

    def close(self) -> None:
        if self._pool is not None:
            self._end(self._pool)

    def _end(self, pool: ProcessPoolExecutor) -> None:
        """A worker that hangs is killed; the next message starts another."""
        if pool is self._pool:
            self._pool = None
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _new_pool() -> ProcessPoolExecutor:
    """Spawned, not forked: this process has threads and open sockets."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_step_back)


def _used(pool: ProcessPoolExecutor) -> float:
    """Seconds of processor time of its worker."""
    return sum(processor_seconds(pid) for pid in list(pool._processes or {}))


def _step_back() -> None:
    """In the worker: whoever waits for an acknowledgement goes first."""
    os.nice(NICENESS)

"""Pages of a PDF, drawn in a process of its own with a limit of time and of memory.

PDFium does what a page asks: a file of two kilobytes may ask for gigabytes, or for ever, by
streams packed twice and forms that draw forms. It costs such a file its preview, nobody else's.
"""

import contextlib
import hashlib
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context
from typing import Any

import structlog

from gateway.clock import processor_seconds
from gateway.errors import RefusedError

log = structlog.get_logger()
START_SECONDS, LIMIT_SECONDS = 60.0, 3.0
MAX_WAITS = 5
"""Of the limit each, for a worker that had no half of its processor: a busy machine convicts no
file."""
MEMORY_BYTES = 1_000_000_000
"""Of addresses, of which a quarter is taken before anything is drawn."""
NICENESS = 5
REMEMBERED = 1_000
HOPELESS = "This PDF cannot be drawn within its limits."
PAGES = "gateway.mapping.pdf.pages"


class Drawer:
    """One worker, started by the first page, ended when it takes too long; callers take turns.

    A file that broke a limit is remembered, so that asking again costs nothing.
    """

    def __init__(self, *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._limit_seconds = limit_seconds
        self._pool: ProcessPoolExecutor | None = None
        self._turn = threading.Lock()
        self._hopeless: dict[bytes, None] = {}

    def page_count(self, data: bytes) -> int:
        """Blocks. Raises RefusedError where the bytes cannot be opened."""
        count: int = self._drawn("page_count", data)
        return count

    def render_pages(self, data: bytes, *, page: int, width: int) -> bytes:
        """Page `page` (from 0) as a PNG `width` pixels wide. Blocks. Raises RefusedError."""
        picture: bytes = self._drawn("render_pages", data, page=page, width=width)
        return picture

    def close(self) -> None:
        self._end()

    def _drawn(self, name: str, data: bytes, **how: int) -> Any:
        digest = hashlib.sha256(data).digest()
        with self._turn:
            if digest in self._hopeless:
                raise RefusedError(HOPELESS)
            try:
                return self._tried(name, data, how)
            except (TimeoutError, BrokenProcessPool, MemoryError) as error:
                self._end()
                self._remember(digest)
                log.warning("pdf.abandoned", bytes=len(data), error=type(error).__name__)
                raise RefusedError(HOPELESS) from error

    def _tried(self, name: str, data: bytes, how: dict[str, int]) -> Any:
        """By a second worker where the first one died: it may have been killed while it had nothing
        to do. What two died of is the file's own doing."""
        try:
            return self._awaited(self._started().submit(_draw, name, data, how))
        except BrokenProcessPool:
            self._end()
        return self._awaited(self._started().submit(_draw, name, data, how))

    def _awaited(self, drawing: "Future[Any]") -> Any:
        """Raises TimeoutError once the worker had its time, or there is none to be had."""
        began = self._used()
        for _ in range(MAX_WAITS - 1):
            with contextlib.suppress(TimeoutError):
                return drawing.result(self._limit_seconds)
            if self._used() - began >= self._limit_seconds / 2:
                raise TimeoutError
        return drawing.result(self._limit_seconds)

    def _used(self) -> float:
        """Seconds of processor time of the worker."""
        processes = (self._pool._processes if self._pool else None) or {}
        return sum(processor_seconds(pid) for pid in list(processes))

    def _started(self) -> ProcessPoolExecutor:
        """The worker, once it is there and loaded: starting it is nobody's time."""
        if self._pool is None:
            # Spawned, not forked: this process has threads and open sockets.
            context = get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_step_back)
            with contextlib.suppress(TimeoutError, BrokenProcessPool):
                self._pool.submit(_ready).result(START_SECONDS)
        return self._pool

    def _remember(self, digest: bytes) -> None:
        if len(self._hopeless) >= REMEMBERED:
            self._hopeless.pop(next(iter(self._hopeless)))
        self._hopeless[digest] = None

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)


def _ready() -> None:
    """In the worker: PDFium is loaded there, and only there, before any time counts."""
    import_module(PAGES)


def _draw(name: str, data: bytes, how: dict[str, int]) -> Any:
    work: Callable[..., Any] = getattr(import_module(PAGES), name)
    return work(data, **how)


def _step_back() -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

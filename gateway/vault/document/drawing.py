"""Pages of a PDF and of a TIFF, drawn in a process of its own with a limit of time and of memory;
there too what a patient brings is decoded.

PDFium does what a page asks: a file of two kilobytes may ask for gigabytes, or for ever, by
streams packed twice and forms that draw forms. It costs such a file its preview, nobody else's.
"""

import contextlib
import hashlib
import os
import resource
import threading
from collections.abc import Callable, Sequence
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
HOPELESS = "This file cannot be drawn within its limits."
PAGES, FRAMES = "gateway.mapping.files.pdf.pages", "gateway.mapping.files.pictures.frames"
FILES = "gateway.mapping.files.own_file"
Work = tuple[str, str]
"""A module, and the function of it that draws."""


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
        count: int = self._drawn((PAGES, "page_count"), data)
        return count

    def render_pages(self, data: bytes, *, page: int, width: int) -> bytes:
        """Page `page` (from 0) as a PNG `width` pixels wide. Blocks. Raises RefusedError."""
        picture: bytes = self._drawn((PAGES, "render_pages"), data, page=page, width=width)
        return picture

    def frame_count(self, data: bytes) -> int:
        """Of a picture that no browser shows. Blocks. Raises RefusedError."""
        count: int = self._drawn((FRAMES, "frame_count"), data)
        return count

    def render_frame(self, data: bytes, *, page: int, width: int) -> bytes:
        """Frame `page` (from 0) as a PNG at most `width` pixels wide. Blocks. Raises
        RefusedError."""
        picture: bytes = self._drawn((FRAMES, "render_frame"), data, page=page, width=width)
        return picture

    def made_ready(self, files: Sequence[bytes], *, max_bytes: int) -> tuple[str, bytes]:
        """`mapping.own_file.made_ready`. Blocks. Raises RefusedError, without a finding where the
        files broke a limit."""
        made: tuple[str, bytes] = self._drawn((FILES, "made_ready"), *files, max_bytes=max_bytes)
        return made

    def close(self) -> None:
        self._end()

    def _drawn(self, work: Work, *files: bytes, **how: int) -> Any:
        digest = hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in files)).digest()
        with self._turn:
            if digest in self._hopeless:
                raise RefusedError(HOPELESS)
            try:
                return self._tried(work, files, how)
            except (TimeoutError, BrokenProcessPool, MemoryError) as error:
                self._end()
                self._remember(digest)
                size = sum(map(len, files))
                log.warning("pdf.abandoned", bytes=size, error=type(error).__name__)
                raise RefusedError(HOPELESS) from error

    def _tried(self, work: Work, files: Sequence[bytes], how: dict[str, int]) -> Any:
        """By a second worker where the first one died: it may have been killed while it had nothing
        to do. What two died of is the file's own doing."""
        try:
            return self._awaited(self._started().submit(_draw, work, files, how))
        except BrokenProcessPool:
            self._end()
        return self._awaited(self._started().submit(_draw, work, files, how))

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


def _draw(work: Work, files: Sequence[bytes], how: dict[str, int]) -> Any:
    module, name = work
    drawn: Callable[..., Any] = getattr(import_module(module), name)
    return drawn(*files, **how)


def _step_back() -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

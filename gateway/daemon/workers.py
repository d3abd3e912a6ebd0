"""`--workers N`: N processes on the same ports, PostgreSQL only; each shows its own figures.

The parent serves nothing: it starts one worker and, once that is ready, the others, so that what
none of them can start with is told once. It writes the ready file when each is ready, passes
the end on, and starts anew a worker that ends by itself while the others serve on: a node that lost
one process keeps its doors open. Where they go on ending it ends too, for a person to look.
"""

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import structlog

from gateway.daemon.left import WORKERS, clear_left, own_prefix
from gateway.daemon.listening import address_of, bind
from gateway.daemon.process import endings
from gateway.daemon.ready import write_ready
from gateway.settings import Address, Settings

log = structlog.get_logger()

READY_SECONDS = 60.0
LOOK_SECONDS = 0.05
STOP_SECONDS = 20.0
KILLED = 3
MOST_ENDS, WITHIN_SECONDS = 5, 60.0
"""So many workers that ended by themselves in so long are no accident."""


def metrics_of(first: Address, count: int) -> list[Address]:
    """One listener a process, on ports that follow each other: behind a shared one a scrape would
    show now this process, now that one, and every counter would seem to start anew."""
    step = 1 if first.port else 0
    return [Address(first.host, first.port + step * number) for number in range(count)]


@contextlib.contextmanager
def kept_ports(settings: Settings) -> Iterator[list[str]]:
    """The doors of every worker as options of `serve`. A port that the system chooses is chosen
    here, once for all of them, and stays taken until they have ended: nobody listens on it here,
    so no peer is led here."""
    with contextlib.ExitStack() as stack:

        def chosen(address: Address) -> str:
            if address.port:
                return str(address)
            return address_of(stack.enter_context(bind(address, share=True, backlog=None)))

        words = ["--http", chosen(settings.http.listen)]
        if settings.mssante.enabled:
            words += ["--smtp", chosen(settings.mssante.listen)]
        for place, one in enumerate(settings.mllp):
            words += ["--more-mllp" if place else "--mllp", chosen(one.listen)]
        yield words


def run_workers(
    count: int, arguments: list[str], ready_file: Path | None, *, settings: Settings
) -> int:
    """0 when it was told to stop; else the exit status of the worker that ended once too often, or
    before all were ready, which said why; 3 when something killed it.

    Raises OSError when an address cannot be had, TimeoutError when they are not ready in time.
    """
    with kept_ports(settings) as ports:
        metrics = metrics_of(settings.metrics.listen, count)
        return _run([*arguments, *ports], ready_file, metrics)


@dataclass(slots=True)
class Seat:
    """The place of one worker: what it is started with, and who sits there now."""

    words: list[str]
    ready: Path
    process: "subprocess.Popen[bytes]"

    @classmethod
    def taken(cls, words: list[str], ready: Path) -> "Seat":
        return cls(words, ready, _started(words, ready))

    def again(self) -> None:
        self.ready.unlink(missing_ok=True)
        self.process = _started(self.words, self.ready)


def _started(words: list[str], ready: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own program with the operator's own words
        [sys.executable, "-m", "gateway", *words, "--ready-file", str(ready), "--worker"],
        stdin=subprocess.PIPE,  # a worker ends when this does: also with a killed parent
    )


@dataclass(slots=True)
class Team:
    """The workers, from the first one's start until somebody stops them."""

    seats: list[Seat] = field(default_factory=list)
    ended: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_ENDS))
    is_stopping: bool = False

    @property
    def running(self) -> list["subprocess.Popen[bytes]"]:
        return [seat.process for seat in self.seats]

    def start(self, words: list[str], ready: Path) -> None:
        self.seats.append(Seat.taken(words, ready))
        self._unless_stopping(self.seats[-1])

    def stop(self, *_signal: object) -> None:
        self.is_stopping = True
        for one in self.running:
            one.terminate()

    def status(self) -> int:
        """Of those that ended before all were ready."""
        said = [one.poll() or 0 for one in self.running]
        return 0 if self.is_stopping else max(said) if max(said) > 0 else KILLED

    def watch(self, tell: Callable[[], None]) -> int:
        """Until they are stopped, or too many ended: the exit status. `tell` is called when a
        worker that was started anew is ready."""
        coming: list[Seat] = []
        while not self.is_stopping:
            for seat in self.seats:
                status = seat.process.poll()
                if status is None or self.is_stopping:
                    continue
                if self._is_once_too_often():
                    return status if status > 0 else KILLED
                log.warning("worker.ended", status=status, pid=seat.process.pid)
                seat.again()
                self._unless_stopping(seat)
                coming.append(seat)
            if coming and all(seat.ready.exists() for seat in coming):
                coming.clear()
                tell()
            time.sleep(LOOK_SECONDS)
        return 0

    def _is_once_too_often(self) -> bool:
        now = time.monotonic()
        is_full = len(self.ended) == MOST_ENDS and now - self.ended[0] < WITHIN_SECONDS
        self.ended.append(now)
        return is_full

    def _unless_stopping(self, seat: Seat) -> None:
        if self.is_stopping:  # the signal came between its start and its place in the team
            seat.process.terminate()

    def __enter__(self) -> "Team":
        for number in endings():
            signal.signal(number, self.stop)
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        for one in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.wait(STOP_SECONDS)
            one.kill()


def _run(arguments: list[str], ready_file: Path | None, metrics: list[Address]) -> int:
    clear_left(Path(tempfile.gettempdir()), WORKERS)
    with tempfile.TemporaryDirectory(prefix=own_prefix(WORKERS)) as folder, Team() as team:
        files = [Path(folder, f"{number}.json") for number in range(len(metrics))]
        for number, (place, file) in enumerate(zip(metrics, files, strict=True)):
            team.start([*arguments, "--metrics", str(place)], file)
            if number == 0 and not all_ready(team.running, files[:1]):
                return team.status()
        if not all_ready(team.running, files):
            return team.status()

        def tell() -> None:
            if ready_file is not None:
                write_ready(ready_file, _doors(team))

        tell()
        return team.watch(tell)


def _doors(team: Team) -> dict[str, Any]:
    doors: list[dict[str, Any]] = [orjson.loads(one.ready.read_bytes()) for one in team.seats]
    return doors[0] | {
        "workers": [one.pid for one in team.running],
        "workers_metrics": [one["metrics"] for one in doors],
    }


def all_ready(
    workers: list[subprocess.Popen[bytes]], files: list[Path], *, seconds: float = READY_SECONDS
) -> bool:
    """False when one ended before: it said why itself. Raises TimeoutError when they only are slow,
    for nobody else would say a word of it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if all(file.exists() for file in files):
            return True
        if any(one.poll() is not None for one in workers):
            return False
        time.sleep(LOOK_SECONDS)
    raise TimeoutError(f"the workers were not ready within {seconds:g} s: all are ended")

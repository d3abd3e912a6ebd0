"""`--workers N`: N processes on the same ports, PostgreSQL only; each shows its own figures.

The parent serves nothing: it starts one worker and, once that is ready, the others, so that what
none of them can start with is told once. It writes the ready file when each is ready, passes
the end on, and ends when the first of them does.
"""

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from gateway.daemon.left import WORKERS, clear_left, own_prefix
from gateway.daemon.listening import address_of, bind
from gateway.daemon.process import endings
from gateway.daemon.ready import write_ready
from gateway.settings import Address, Settings

READY_SECONDS = 60.0
LOOK_SECONDS = 0.05
STOP_SECONDS = 20.0
KILLED = 3


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
    """Exit status of the first worker that ended, which said why; 3 when something killed it
    before all were ready.

    Raises OSError when an address cannot be had, TimeoutError when they are not ready in time.
    """
    with kept_ports(settings) as ports:
        metrics = metrics_of(settings.metrics.listen, count)
        return _run([*arguments, *ports], ready_file, metrics)


@dataclass(slots=True)
class Team:
    """Those that were started, until the first of them ends or somebody stops them."""

    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    is_stopping: bool = False

    def start(self, arguments: list[str], file: Path) -> None:
        one = subprocess.Popen(  # noqa: S603 - our own program with the operator's own words
            [sys.executable, "-m", "gateway", *arguments, "--ready-file", str(file), "--worker"],
            stdin=subprocess.PIPE,  # a worker ends when this does: also with a killed parent
        )
        self.running.append(one)
        if self.is_stopping:
            one.terminate()

    def stop(self, *_signal: object) -> None:
        self.is_stopping = True
        for one in self.running:
            one.terminate()

    def status(self) -> int:
        """Of those that ended before all were ready."""
        said = [one.poll() or 0 for one in self.running]
        return 0 if self.is_stopping else max(said) if max(said) > 0 else KILLED

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
        if ready_file is not None:
            doors: list[dict[str, Any]] = [orjson.loads(one.read_bytes()) for one in files]
            each = {
                "workers": [one.pid for one in team.running],
                "workers_metrics": [one["metrics"] for one in doors],
            }
            write_ready(ready_file, doors[0] | each)
        return _first_end(team.running)


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


def _first_end(workers: list[subprocess.Popen[bytes]]) -> int:
    while True:
        for one in workers:
            status = one.poll()
            if status is not None:
                return status
        time.sleep(LOOK_SECONDS)

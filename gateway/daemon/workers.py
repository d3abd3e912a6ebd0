"""`--workers N`: N processes on the same ports, PostgreSQL only.

The parent serves nothing: it starts the workers, writes the ready file once each is ready,
passes SIGTERM on, and ends when the first of them does.
"""

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from gateway.daemon.ready import write_ready

READY_SECONDS = 60.0
LOOK_SECONDS = 0.05
STOP_SECONDS = 20.0


def run_workers(count: int, arguments: list[str], ready_file: Path | None) -> int:
    """Exit status of the first worker that ended; 3 when they were not ready in time."""
    with tempfile.TemporaryDirectory(prefix="gateway-workers-") as folder:
        files = [Path(folder, f"{number}.json") for number in range(count)]
        with _started(arguments, files) as workers:
            if not _all_ready(workers, files):
                return 3
            if ready_file is not None:
                doors: dict[str, Any] = orjson.loads(files[0].read_bytes())
                write_ready(ready_file, doors | {"workers": [one.pid for one in workers]})
            return _first_end(workers)


@contextlib.contextmanager
def _started(arguments: list[str], files: list[Path]) -> Iterator[list[subprocess.Popen[bytes]]]:
    workers = [
        subprocess.Popen(  # noqa: S603 - our own program with the operator's own words
            [sys.executable, "-m", "gateway", *arguments, "--ready-file", str(file), "--worker"],
            stdin=subprocess.PIPE,  # a worker ends when this does: also with a killed parent
        )
        for file in files
    ]

    def stop(_number: int, _frame: object) -> None:
        for one in workers:
            one.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        yield workers
    finally:
        stop(0, None)
        for one in workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.wait(STOP_SECONDS)
            one.kill()


def _all_ready(workers: list[subprocess.Popen[bytes]], files: list[Path]) -> bool:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if all(file.exists() for file in files):
            return True
        if any(one.poll() is not None for one in workers):
            return False
        time.sleep(LOOK_SECONDS)
    return False


def _first_end(workers: list[subprocess.Popen[bytes]]) -> int:
    while True:
        for one in workers:
            status = one.poll()
            if status is not None:
                return status
        time.sleep(LOOK_SECONDS)

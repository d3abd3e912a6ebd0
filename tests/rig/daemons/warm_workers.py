"""Workers that start at once: forked from their parent, which the nursery forked.

A worker runs what `python -m gateway serve --worker` runs; the seconds that go into imports are
spared. Those of a daemon that starts `cold` are processes as at a user's.
"""

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic
from typing import NoReturn

LOOK, LOOK_SECONDS = Event(), 0.02
MOST_FILES = 1024
ENDINGS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def leave(work: Callable[[], int]) -> NoReturn:
    """Ends this forked process with the status of `work`; what that raises is told as by Python."""
    status = 1
    try:
        status = work()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - nobody else hears of it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


class Worker:
    """As much of `subprocess.Popen` as `gateway.daemon.workers` asks of a worker."""

    def __init__(self, words: list[str]) -> None:
        self.returncode: int | None = None
        ours, self._line = os.pipe()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        self.pid = os.fork()
        if not self.pid:
            os.dup2(ours, 0)
            os.closerange(3, MOST_FILES)  # the lines to the others, the ports that are only kept
            for number in ENDINGS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            leave(lambda: _serve(words))
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(ours)

    def poll(self) -> int | None:
        if self.returncode is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float) -> None:
        until = monotonic() + timeout
        while self.poll() is None and monotonic() < until:
            LOOK.wait(LOOK_SECONDS)

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.close(self._line)

    def _send(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def started(words: list[str], ready: Path) -> Worker:
    """In the place of `gateway.daemon.workers._started`."""
    return Worker([*words, "--ready-file", str(ready), "--worker"])


def _serve(words: list[str]) -> int:
    from gateway.cli import main

    sys.argv = ["gateway", *words]
    return main(words)

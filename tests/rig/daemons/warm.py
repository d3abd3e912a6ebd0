"""Daemons and commands that start at once: a process that has imported the gateway forks them.

What runs is what `python -m gateway` runs; the seconds of a start that go into imports, and into
what is made once a process, are paid once a test process. One that shall start as at a user's is a
process of its own (`Daemon.cold`).
"""

import contextlib
import gc
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from warm_workers import leave, started

LOOK, LOOK_SECONDS = threading.Event(), 0.02
GATEWAY = "import sys, gateway.cli; sys.exit(gateway.cli.main())"


@dataclass
class Forked:
    """As much of `subprocess.Popen` as the tests ask of a daemon."""

    pid: int
    nursery: "Nursery"
    returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self.nursery.ask(poll=self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        until = time.monotonic() + (timeout or float("inf"))
        while (status := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("gateway", timeout or 0.0)
            LOOK.wait(LOOK_SECONDS)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that forks; it ends with this one, and its children with it."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, __file__], stdin=pipe, stdout=pipe)
        self._turn = threading.Lock()

    def start(self, words: list[str], *, out: Path, log: Path, program: str = GATEWAY) -> Forked:
        """`program` is Python that ends with `main(words)`, where the words are `sys.argv[1:]`."""
        places = {"out": str(out), "log": str(log), "folder": str(Path.cwd())}
        pid = self.ask(words=words, program=program, **places)
        assert pid is not None
        return Forked(pid, self)

    def ask(self, **what: Any) -> int | None:
        assert self._process.stdin
        assert self._process.stdout
        with self._turn:
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()
            said: int | None = json.loads(self._process.stdout.readline())
        return said


@cache
def nursery() -> Nursery:
    return Nursery()


def _serve() -> None:
    """One question a line, answered by a number or null."""
    import gateway.cli.serve
    import gateway.daemon.demo.furnish
    import gateway.daemon.serve
    import gateway.store.migrating  # noqa: F401 - what a start imports
    from gateway.daemon import workers
    from gateway.daemon.demo.neighbours import near
    from gateway.vault.signing_in.passwords import of_nobody

    near()
    of_nobody()
    vars(workers)["_started"] = started
    gc.freeze()
    children: set[int] = set()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        asked = json.loads(line)
        said = _ended(asked["poll"], children) if "poll" in asked else _fork(asked, children)
        print(json.dumps(said), file=answers, flush=True)
    for one in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def _ended(pid: int, children: set[int]) -> int | None:
    """The exit status, negative for a signal; None while it runs."""
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    children.discard(pid)
    return os.waitstatus_to_exitcode(status)


def _fork(asked: dict[str, Any], children: set[int]) -> int:
    child = os.fork()
    if not child:
        leave(lambda: _run(asked))
    children.add(child)
    return child


def _run(asked: dict[str, Any]) -> int:
    os.closerange(3, 64)  # the line to the tests is not its own
    for number, path in ((0, os.devnull), (1, asked["out"]), (2, asked["log"])):
        mode = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        opened = os.open(path, mode, 0o644)
        os.dup2(opened, number)
        if opened != number:
            os.close(opened)
    os.chdir(asked["folder"])
    random.seed()
    sys.argv = ["gateway", *asked["words"]]
    exec(asked["program"], {"__name__": "__main__"})  # noqa: S102 - a test's own
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))  # the gateway that `python -m gateway` would find from here
    _serve()

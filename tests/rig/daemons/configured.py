"""A configured gateway: its folder, certificates, senders and one person with an open space."""

import asyncio
import contextlib
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from answers import ANSWER_SECONDS
from daemon_rig import Daemon, Make
from laid import init
from papers import Person, stranger
from real_store import open_space, opened

from gateway.cli import main

LOOPBACK = """
[http]
listen = "127.0.0.1:0"
[mllp]
listen = "127.0.0.1:0"
sender = "laboratory"
results_only = true
[metrics]
listen = "127.0.0.1:0"
"""


Done = subprocess.CompletedProcess[str]


def gateway(*words: str) -> Done:
    """One command of an operator, as a process of its own."""
    command = [sys.executable, "-m", "gateway", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=ANSWER_SECONDS
    )


def order(*words: str) -> Done:
    """The same without a process: a second less, where the command is not what is tried. On a
    thread of its own, for some have an event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run_here, words).result(timeout=ANSWER_SECONDS)


def _run_here(words: tuple[str, ...]) -> Done:
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        try:
            status = main(list(words))
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
    return subprocess.CompletedProcess(words, status, said.getvalue(), wrong.getvalue())


@dataclass
class Operator:
    """What an operator does in one folder before `gateway serve --config`."""

    folder: Path
    person: Person = field(default_factory=stranger)

    @property
    def config(self) -> Path:
        return self.folder / "gateway.toml"

    def prepare(self, toml: str) -> "Operator":
        """`gateway init`, then this configuration, `gateway migrate`, and one open space."""
        init(self.folder)
        self.config.write_text(f'profile = "test"\n{toml}', "utf-8")
        done = order("migrate", "--config", str(self.config))
        assert done.returncode == 0, done.stderr
        asyncio.run(self._open_space())
        return self

    def sender(self, name: str, *words: str) -> str:
        """`gateway sender add`; the token that it printed, if any."""
        done = order("sender", "add", name, "--config", str(self.config), *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.rpartition(" ")[2].strip()

    async def _open_space(self) -> None:
        async with opened(self.config) as store:
            await open_space(store, self.person.identity)


def serve(make_gateway: Make, operator: Operator, *words: str) -> Daemon:
    """A daemon with the configuration of this operator, started."""
    daemon = make_gateway(*words)
    daemon.words = ["--config", str(operator.config), *words]
    return daemon.start()

"""A configured gateway: its folder, certificates, senders and one person with an open space."""

import asyncio
import contextlib
import io
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from answers import ANSWER_SECONDS
from daemon_rig import Daemon, Make
from laid import init, lay
from papers import Person, stranger
from real_store import open_space, opened
from warm import GATEWAY, nursery

from gateway.cli import main
from gateway.settings import read_settings

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


def gateway(*words: str, program: str = GATEWAY) -> Done:
    """One command of an operator, as a process of its own that has the gateway loaded; `program`
    is what it runs instead, where something is to happen to it."""
    with tempfile.TemporaryDirectory() as folder:
        out, wrong = Path(folder, "out"), Path(folder, "wrong")
        process = nursery().start(list(words), out=out, log=wrong, program=program)
        status = process.wait(ANSWER_SECONDS)
        return Done(words, status, out.read_text("utf-8"), wrong.read_text("utf-8"))


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
    return Done(words, status, said.getvalue(), wrong.getvalue())


@dataclass
class Operator:
    """What an operator does in one folder before `gateway serve --config`."""

    folder: Path
    person: Person = field(default_factory=stranger)

    @property
    def config(self) -> Path:
        return self.folder / "gateway.toml"

    def prepare(self, toml: str) -> "Operator":
        """As `gateway init`, then this configuration, `gateway migrate`, and one open space."""
        init(self.folder)
        self.config.write_text(f'profile = "test"\n{toml}', "utf-8")
        lay(read_settings(self.config)[0].store.url)
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


def serve(make_gateway: Make, operator: Operator, *words: str, cold: bool = False) -> Daemon:
    """A daemon with the configuration of this operator, started."""
    daemon = make_gateway(*words)
    daemon.cold = cold
    daemon.words = ["--config", str(operator.config), *words]
    return daemon.start()

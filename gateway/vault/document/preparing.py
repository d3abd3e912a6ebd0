"""Files that a patient brings, made one document beside the event loop: what is decoded or joined,
in a process of its own; the rest in a thread."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from gateway.mapping.files.own_file import made_ready, needs_decoding
from gateway.vault.document.drawing import Drawer

LIMIT_SECONDS = 10.0
"""Ten photographs of a telephone take three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """Satisfies `flows.depositing.by_patient.MadeReady`. `drawer` is one of its own, so that
    nobody's preview waits for it."""

    drawer: Drawer
    threads: Executor | None
    max_bytes: int

    async def __call__(self, files: Sequence[bytes]) -> tuple[str, bytes]:
        work: Callable[[], tuple[str, bytes]]
        if needs_decoding(files):
            work = partial(self.drawer.made_ready, files, max_bytes=self.max_bytes)
        else:
            work = partial(made_ready, *files, max_bytes=self.max_bytes)
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

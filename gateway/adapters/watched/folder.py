"""The watched folder: a file that has come to rest is taken, answered, and moved away.

It moves only after the durable answer, so a crash in between has it taken again and answered as
a copy. The answer stands beside it as `<name>.json`, written before the file disappears. Of
several processes that watch one folder, one at a time looks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from gateway.adapters.http.answers import answers_json
from gateway.adapters.watched.resting import (
    ChangedError,
    Resting,
    files_in,
    locked,
    move_in,
    read_in,
)
from gateway.errors import DeferredError, GatewayError
from gateway.mapping.inspect import finding_json
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Finding, Severity, Verdict

log = structlog.get_logger()

Json = dict[str, Any]
Receive = Callable[[str, bytes], Awaitable[list[Answer]]]
"""Takes the file's name and bytes; returns once every message of it is durable."""

DONE, REFUSED = "done", "refused"
MAX_TAKEN_A_POLL = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSettings:
    path: Path
    poll_seconds: float = 1.0
    max_file_bytes: int = 50_000_000


class FolderDoor:
    """`run` polls until `close`; `poll` is one round, for tests and for a last look."""

    def __init__(self, settings: FolderSettings, *, receive: Receive) -> None:
        self._settings = settings
        self._receive = receive
        self._seen: dict[str, Resting] = {}
        self._closing = asyncio.Event()

    async def run(self) -> None:
        """Ends after the file in work when `close` was called. A folder that cannot be looked
        into, as a share that is away, is looked into again."""
        while not self._closing.is_set():
            try:
                await self.poll()
            except OSError as error:
                log.warning("folder.unreadable", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._settings.poll_seconds)

    def close(self) -> None:
        self._closing.set()

    async def poll(self) -> int:
        """Takes each file unchanged since the last poll; how many went away. Raises OSError."""
        with locked(self._settings.path) as handle:
            return 0 if handle is None else await self._poll(handle)

    async def _poll(self, handle: int) -> int:
        found = await asyncio.to_thread(files_in, handle, limit=MAX_TAKEN_A_POLL)
        ready = [one for one in found if self._seen.get(one.name) == one]
        self._seen = {one.name: one for one in found}
        taken = 0
        for one in sorted(ready, key=lambda each: (each.changed, each.name)):
            if self._closing.is_set():
                break
            taken += await self._take(handle, one)
        return taken

    async def _take(self, handle: int, file: Resting) -> bool:
        if file.size > self._settings.max_file_bytes:
            limit = self._settings.max_file_bytes
            message = f"Send files of at most {limit} bytes."
            return await self._refuse(handle, file, "too-large", message)
        try:
            raw = await asyncio.to_thread(read_in, handle, file)
        except (ChangedError, FileNotFoundError):  # its sender is not done, or took it back
            return False
        except OSError:
            return await self._refuse(handle, file, "file-unreadable", "The file cannot be read.")
        try:
            answers = await self._receive(file.name, raw)
        except DeferredError:
            log.warning("folder.deferred")
            return False
        except GatewayError as error:
            return await self._refuse(handle, file, "refused", str(error))
        except Exception:
            log.exception("folder.failed")
            return False
        refused = any(answer.verdict is Verdict.REFUSE for answer in answers)
        _, body = answers_json(answers)
        return await self._move(handle, file, REFUSED if refused else DONE, body)

    async def _refuse(self, handle: int, file: Resting, code: str, message: str) -> bool:
        finding = Finding(code=code, severity=Severity.ERROR, where="/", message=message)
        body = {
            "receipt": None,
            "verdict": Verdict.REFUSE.value,
            "documents": [],
            "findings": [finding_json(finding)],
        }
        return await self._move(handle, file, REFUSED, body)

    async def _move(self, handle: int, file: Resting, where: str, body: Json) -> bool:
        try:
            await asyncio.to_thread(move_in, handle, file, where, body)
        except OSError as error:
            log.warning("folder.not_moved", error=type(error).__name__)
            return False
        self._seen.pop(file.name, None)
        return True

"""The watched folder: a file that has come to rest is taken, answered, and moved away.

It moves only after the durable answer, so a crash in between has it taken again and answered as
a copy. The answer stands beside it as `<name>.json`, written before the file disappears. Of
several processes that watch one folder, one at a time looks.
"""

import asyncio
import errno
import fcntl
import json
import os
import stat
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from gateway.adapters.answers import answers_json
from gateway.errors import DeferredError, GatewayError
from gateway.mapping.inspect import finding_json
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Finding, Severity, Verdict

log = structlog.get_logger()

Json = dict[str, Any]
Receive = Callable[[str, bytes], Awaitable[list[Answer]]]
"""Takes the file's name and bytes; returns once every message of it is durable."""

UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", "~")
DONE, REFUSED = "done", "refused"
MAX_TAKEN_A_POLL = 1_000
LONGEST_NAME_BYTES = 240
"""Room for a number and `.json` in the 255 of a file system."""
WRITING = ".answer.tmp"
MODE = 0o770
"""Of a folder that is made here: who may write into it sends as its sender, whatever the umask.
Those in it are made as it is, for the same to read their answers."""
HELD_BY_ANOTHER = (errno.EWOULDBLOCK, errno.EACCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSettings:
    path: Path
    poll_seconds: float = 1.0
    max_file_bytes: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Resting:
    """A file as one poll saw it."""

    name: str
    size: int
    changed: int
    inode: int


class ChangedError(Exception):
    """The file moved on while it was read: the next poll looks again."""


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
        with _locked(self._settings.path) as ours:
            return await self._poll() if ours else 0

    async def _poll(self) -> int:
        found = await asyncio.to_thread(lambda: list(_files(self._settings.path)))
        ready = [one for one in found if self._seen.get(one.name) == one]
        self._seen = {one.name: one for one in found}
        taken = 0
        for one in sorted(ready, key=lambda each: (each.changed, each.name)):
            if self._closing.is_set():
                break
            taken += await self._take(one)
        return taken

    async def _take(self, file: Resting) -> bool:
        if file.size > self._settings.max_file_bytes:
            limit = self._settings.max_file_bytes
            return await self._refuse(file, "too-large", f"Send files of at most {limit} bytes.")
        path = self._settings.path / file.name
        try:
            raw = await asyncio.to_thread(_read, path, file)
        except (ChangedError, FileNotFoundError):  # its sender is not done, or took it back
            return False
        except OSError:
            return await self._refuse(file, "file-unreadable", "The file cannot be read.")
        try:
            answers = await self._receive(file.name, raw)
        except DeferredError:
            log.warning("folder.deferred")
            return False
        except GatewayError as error:
            return await self._refuse(file, "refused", str(error))
        except Exception:
            log.exception("folder.failed")
            return False
        refused = any(answer.verdict is Verdict.REFUSE for answer in answers)
        _, body = answers_json(answers)
        return await self._move(file, REFUSED if refused else DONE, body)

    async def _refuse(self, file: Resting, code: str, message: str) -> bool:
        finding = Finding(code=code, severity=Severity.ERROR, where="/", message=message)
        body = {
            "receipt": None,
            "verdict": Verdict.REFUSE.value,
            "documents": [],
            "findings": [finding_json(finding)],
        }
        return await self._move(file, REFUSED, body)

    async def _move(self, file: Resting, where: str, body: Json) -> bool:
        try:
            await asyncio.to_thread(_move, self._settings.path, file, where, body)
        except OSError as error:
            log.warning("folder.not_moved", error=type(error).__name__)
            return False
        self._seen.pop(file.name, None)
        return True


def _files(folder: Path) -> Iterator[Resting]:
    """Regular files of the folder itself; what is still being written is left alone."""
    count = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if count >= MAX_TAKEN_A_POLL:
                return
            name = entry.name
            if name.startswith(".") or name.lower().endswith(UNFINISHED):
                continue
            try:
                if entry.is_file(follow_symlinks=False):
                    facts = entry.stat(follow_symlinks=False)
                    count += 1
                    yield _resting(name, facts)
            except OSError:  # gone, or a share that cannot say: the next poll asks again
                continue


def _resting(name: str, facts: os.stat_result) -> Resting:
    return Resting(name, facts.st_size, facts.st_mtime_ns, facts.st_ino)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Whether it is ours to look into; where a share knows no locks, it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=MODE)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield _is_locked(handle)
    finally:
        os.close(handle)


def _is_locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in HELD_BY_ANOTHER
    return True


def _read(path: Path, expected: Resting) -> bytes:
    """The bytes, when size and time are the same before and after; links are not followed."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        raw = file.read(expected.size + 1)
        facts = os.fstat(file.fileno())
    if len(raw) != expected.size or _resting(expected.name, facts) != expected:
        raise ChangedError
    return raw


def _move(folder: Path, taken: Resting, where: str, body: Json) -> None:
    """The answer first, whole and on disk; then the file: who sees it gone finds the answer.

    What was written under this name while the answer was made goes back, to be taken itself.
    """
    name = taken.name
    target = folder / where
    target.mkdir(exist_ok=True, mode=stat.S_IMODE(os.stat(folder).st_mode))
    free = name if _is_left(target, name, body) else _free_name(target, name)
    written = target / WRITING
    with open(written, "w", encoding="utf-8") as file:
        json.dump(body, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(written, target / f"{free}.json")
    os.replace(folder / name, target / free)
    if _resting(name, os.stat(target / free, follow_symlinks=False)) != taken:
        os.replace(target / free, folder / _free_name(folder, name))
    handle = os.open(target, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_left(target: Path, name: str, body: Json) -> bool:
    """Whether the same answer stands there alone: of a process that died before it moved the
    file. Under another name its answer would stay without a file for ever."""
    try:
        left = json.loads((target / f"{name}.json").read_bytes())
        return bool(left == body) and not (target / name).exists()
    except (OSError, ValueError):  # none there, a name too long to have one, or not ours
        return False


def _free_name(target: Path, name: str) -> str:
    """The name itself, or with a number before its suffix when an earlier file bears it."""
    name = os.fsdecode(os.fsencode(name)[:LONGEST_NAME_BYTES])
    stem, dot, suffix = name.partition(".")
    free, number = name, 1
    while (target / free).exists() or (target / f"{free}.json").exists():
        number += 1
        free = f"{stem}-{number}{dot}{suffix}"
    return free

"""The files of a watched folder, by the handle of their folder: no name of theirs is followed.

Whoever writes into the folder may put a link, a pipe or a device under any name, and change it at
any time. What is opened is a regular file of this very folder, and never waits; what is written is
made anew.
"""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", "~")
LONGEST_NAME_BYTES = 240
"""Room for a number and `.json` in the 255 of a file system."""
WRITING = ".answer.tmp"
MODE = 0o770
"""Of a folder that is made here: who may write into it sends as its sender, whatever the umask.
Those in it are made as it is, for the same to read their answers."""
HELD_BY_ANOTHER = (errno.EWOULDBLOCK, errno.EACCES)
NO_FILE = (errno.ELOOP, errno.ENXIO)
"""A link, and what nobody listens at, where a file was seen a moment ago."""
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Resting:
    """A file as one poll saw it."""

    name: str
    size: int
    changed: int
    inode: int


class ChangedError(Exception):
    """The file moved on while it was read: the next poll looks again."""


@contextmanager
def locked(folder: Path) -> Iterator[int | None]:
    """The handle of the folder, made where it was not; None while another process looks into it.
    Where a share knows no locks, it is ours. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=MODE)
    with _opened(os.open(folder, FOLDER)) as handle:
        yield handle if _is_locked(handle) else None


def files_in(handle: int, *, limit: int) -> list[Resting]:
    """Regular files of the folder itself; what is still being written is left alone."""
    found: list[Resting] = []
    with os.scandir(handle) as entries:
        for entry in entries:
            if len(found) >= limit:
                break
            name = entry.name
            if name.startswith(".") or name.lower().endswith(UNFINISHED):
                continue
            with suppress(OSError):  # gone, or a share that cannot say: the next poll asks again
                if entry.is_file(follow_symlinks=False):
                    found.append(_resting(name, entry.stat(follow_symlinks=False)))
    return found


def read_in(handle: int, expected: Resting) -> bytes:
    """The bytes of this very file, when size and time are the same before and after.

    Raises ChangedError, OSError.
    """
    try:
        opened = os.open(expected.name, READ, dir_fd=handle)
    except OSError as error:
        if error.errno in NO_FILE:
            raise ChangedError from error
        raise
    with os.fdopen(opened, "rb") as file:
        if not _is(expected, os.fstat(opened)):
            raise ChangedError
        raw = file.read(expected.size + 1)
        if len(raw) != expected.size or not _is(expected, os.fstat(opened)):
            raise ChangedError
    return raw


def move_in(handle: int, taken: Resting, where: str, body: dict[str, Any]) -> None:
    """The answer first, whole and on disk; then the file: who sees it gone finds the answer.

    What was written under this name while the answer was made goes back, to be taken itself.
    Raises OSError, also where `where` is a link.
    """
    answer = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    with suppress(FileExistsError):
        os.mkdir(where, mode=stat.S_IMODE(os.fstat(handle).st_mode), dir_fd=handle)
    with _opened(os.open(where, FOLDER | os.O_NOFOLLOW, dir_fd=handle)) as target:
        name = taken.name
        free = name if _is_left(target, name, answer) else _free_name(target, name)
        _write(target, answer)
        os.replace(WRITING, f"{free}.json", src_dir_fd=target, dst_dir_fd=target)
        os.replace(name, free, src_dir_fd=handle, dst_dir_fd=target)
        if not _is(taken, os.stat(free, dir_fd=target, follow_symlinks=False)):
            os.replace(free, _free_name(handle, name), src_dir_fd=target, dst_dir_fd=handle)
        os.fsync(target)


def _write(target: int, answer: bytes) -> None:
    """What a process that died left unfinished, or a link of somebody's, is removed unopened."""
    with suppress(FileNotFoundError):
        os.unlink(WRITING, dir_fd=target)
    with os.fdopen(os.open(WRITING, WRITE, 0o666, dir_fd=target), "wb") as file:
        file.write(answer)
        file.flush()
        os.fsync(file.fileno())


def _is_left(target: int, name: str, answer: bytes) -> bool:
    """Whether the same answer stands there alone: of a process that died before it moved the
    file. Under another name its answer would stay without a file for ever."""
    try:
        opened = os.open(f"{name}.json", READ, dir_fd=target)
    except OSError:  # none there, or a name too long to have one
        return False
    with os.fdopen(opened, "rb") as file:
        is_file = stat.S_ISREG(os.fstat(opened).st_mode)
        return is_file and file.read(len(answer) + 1) == answer and not _is_taken(target, name)


def _free_name(target: int, name: str) -> str:
    """The name itself, or with a number before its suffix when an earlier file bears it."""
    name = os.fsdecode(os.fsencode(name)[:LONGEST_NAME_BYTES])
    stem, dot, suffix = name.partition(".")
    free, number = name, 1
    while _is_taken(target, free) or _is_taken(target, f"{free}.json"):
        number += 1
        free = f"{stem}-{number}{dot}{suffix}"
    return free


def _is_taken(target: int, name: str) -> bool:
    """By a link that leads nowhere too."""
    try:
        os.stat(name, dir_fd=target, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _is(expected: Resting, facts: os.stat_result) -> bool:
    return stat.S_ISREG(facts.st_mode) and _resting(expected.name, facts) == expected


def _resting(name: str, facts: os.stat_result) -> Resting:
    return Resting(name, facts.st_size, facts.st_mtime_ns, facts.st_ino)


@contextmanager
def _opened(handle: int) -> Iterator[int]:
    try:
        yield handle
    finally:
        os.close(handle)


def _is_locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in HELD_BY_ANOTHER
    return True

"""`erased.jsonl` beside the key files, and in each backup: who was erased, by names alone.

It outlives the database: what an older copy brings back is buried again before anybody may open
it. Each line is an erasure: its number, its time, the names of the record, and the receipt, sealed
under what the index key makes, so that it is printed again by a database that never knew it.
"""

import fcntl
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import orjson

from gateway.records.patients.erasure import Tombstone
from gateway.store.keys.key_files import KeyFileError, sync_folder

FILE = "erased.jsonl"
ID_CHARACTERS = 32
NAME_BYTES = 16
DAMAGED = "{} is damaged in line {}: restore it from its own backup"


def lines_of(stones: Iterable[Tombstone]) -> bytes:
    return b"".join(orjson.dumps(_said(one)) + b"\n" for one in stones)


def _said(one: Tombstone) -> dict[str, object]:
    names = [name.hex() for name in one.names]
    said: dict[str, object] = {"id": one.id, "at": one.at.isoformat(), "names": names}
    return said | ({"receipt": b64encode(one.receipt).decode()} if one.receipt else {})


def read_stones(file: Path) -> list[Tombstone]:
    """Empty where there is no file. Raises KeyFileError for a line that is none: an erasure that
    cannot be read would be undone."""
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    stones = []
    for number, line in enumerate(lines, 1):
        try:
            stones.append(_stone(orjson.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise KeyFileError(DAMAGED.format(file.name, number)) from error
    return stones


def _stone(said: dict[str, object]) -> Tombstone:
    names = said["names"]
    if not isinstance(names, list):
        raise TypeError("names is a list")
    made = tuple(bytes.fromhex(one) for one in names)
    stone = Tombstone(
        id=str(said["id"]),
        at=datetime.fromisoformat(str(said["at"])),
        names=made,
        receipt=b64decode(str(said.get("receipt", "")), validate=True),
    )
    if len(stone.grave) * 2 != ID_CHARACTERS or stone.at.tzinfo is None:
        raise ValueError("no erasure")
    if not made or any(len(one) != NAME_BYTES or not any(one) for one in made):
        raise ValueError("no name")
    return stone


def keep_stones(folder: Path, stones: Iterable[Tombstone]) -> bool:
    """Adds those, and their receipts, that the file of this folder does not hold; durable when it
    returns. Whether any was new. Raises OSError where the folder cannot be written, KeyFileError as
    `read_stones`."""
    wanted = {one.id: one for one in stones}
    if not _new(wanted, read_stones(folder / FILE)):
        return False
    with _alone(folder):
        known = read_stones(folder / FILE)
        new = _new(wanted, known)
        if not new:
            return False
        both = {one.id: one for one in known} | new
        _write(folder, lines_of(sorted(both.values(), key=lambda one: (one.at, one.id))))
        return True


def _new(wanted: dict[str, Tombstone], known: Iterable[Tombstone]) -> dict[str, Tombstone]:
    """A receipt that is known stays: only a line of before has none."""
    whole = {one.id: bool(one.receipt) for one in known}
    return {
        name: one
        for name, one in wanted.items()
        if name not in whole or (one.receipt and not whole[name])
    }


def _write(folder: Path, content: bytes) -> None:
    draft = folder / f".{FILE}.writing"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / FILE)
    sync_folder(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Several processes keep their erasures in one file."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)

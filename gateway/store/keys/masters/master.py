"""The versions of the master key, a file each, and which of them wrapped a value.

`master.key` is version 1, `master-2.key` the next. What version 1 wraps is the bare value of
RFC 3394, whose length is a multiple of eight; from 2 on four bytes before it tell the version. So
a wrapped key says by itself which file opens it, wherever it was copied to.
"""

import os
import re
import threading
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from gateway.clock import Ids
from gateway.store.keys.key_files import (
    KEY_BYTES,
    MISSING,
    KeyFileError,
    check_closed,
    read_key,
    sync_folder,
    write_private,
)

FIRST = 1
MASTER = "master.key"
LATER = re.compile(r"master-([1-9][0-9]{0,8})\.key", re.ASCII)
VERSION_BYTES = 4
BLOCK_BYTES = 8


class MasterKeys:
    """Every version at hand; one that came into the folder since is read when it is asked for."""

    def __init__(self, versions: Mapping[int, bytes], folder: Path | None = None) -> None:
        if any(len(key) != KEY_BYTES for key in versions.values()):
            raise KeyFileError("a key has exactly 32 bytes")
        self._versions = dict(versions)
        self._folder = folder
        self._lock = threading.Lock()

    @classmethod
    def load(cls, folder: Path) -> "MasterKeys":
        """Raises KeyFileError for a file that is open to others or no key, and for none at all."""
        names = {version: master_name(version) for version in versions_in(folder)}
        for name in names.values():
            check_closed(folder / name)
        keys = {version: read_key(folder / name) for version, name in names.items()}
        return cls(keys, folder)

    @property
    def versions(self) -> list[int]:
        with self._lock:
            return sorted(self._versions)

    def wrap(self, data_key: bytes, version: int) -> bytes:
        """Raises KeyFileError where that version is not at hand."""
        wrapped = aes_key_wrap(self._key(version), data_key)
        return wrapped if version == FIRST else _prefix(version) + wrapped

    def unwrap(self, wrapped: bytes) -> bytes:
        """Raises InvalidUnwrap, or KeyFileError where its version is not at hand."""
        version = version_of(wrapped)
        bare = wrapped if version == FIRST else wrapped[VERSION_BYTES:]
        return aes_key_unwrap(self._key(version), bare)

    def _key(self, version: int) -> bytes:
        with self._lock:
            if version not in self._versions:
                self._versions[version] = self._read(version)
            return self._versions[version]

    def _read(self, version: int) -> bytes:
        name = master_name(version)
        if self._folder is None:
            raise KeyFileError(MISSING.format(name))
        try:
            check_closed(self._folder / name)
            return read_key(self._folder / name)
        except OSError as error:
            raise KeyFileError(f"{name} cannot be read: {error.strerror}") from error


def version_of(wrapped: bytes) -> int:
    """Raises InvalidUnwrap for what no version can have written."""
    over = len(wrapped) % BLOCK_BYTES
    if over == 0:
        return FIRST
    version = int.from_bytes(wrapped[:VERSION_BYTES])
    if over != VERSION_BYTES or version <= FIRST:
        raise InvalidUnwrap
    return version


def _prefix(version: int) -> bytes:
    return version.to_bytes(VERSION_BYTES)


def master_name(version: int) -> str:
    return MASTER if version == FIRST else f"master-{version}.key"


def versions_in(folder: Path) -> list[int]:
    """Those with a file; the first one, which is then missing, where there is none."""
    try:
        found = [int(match[1]) for one in folder.iterdir() if (match := LATER.fullmatch(one.name))]
    except (FileNotFoundError, NotADirectoryError):
        return [FIRST]
    later = sorted(version for version in found if version > FIRST)
    return [FIRST, *later] if (folder / MASTER).exists() or not later else later


def prepare_version(folder: Path, version: int, ids: Ids) -> str:
    """Writes a new key of that version and says the name of its file: whole and on the disk, or not
    there at all. It is given to whoever owns the others. Raises KeyFileError where one stands."""
    name, draft = master_name(version), folder / f".master-{ids.identifier()}.new"
    try:
        write_private(draft, ids.octets(KEY_BYTES))
        _give_as(folder / master_name(versions_in(folder)[-1]), draft)
        os.link(draft, folder / name)
    except FileExistsError as error:
        raise KeyFileError(f"{name} exists already and is kept") from error
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(folder)
    return name


def _give_as(pattern: Path, file: Path) -> None:
    """What root prepares is the daemon's to read."""
    owner = pattern.stat()
    if os.geteuid() == 0:
        os.chown(file, owner.st_uid, owner.st_gid)


def settle_on_disk(folder: Path, version: int) -> None:
    """A file that was copied here may stand in memory only: nothing may depend on it until it does
    not. Raises OSError."""
    opened = os.open(folder / master_name(version), os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
    sync_folder(folder)

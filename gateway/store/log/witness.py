"""The newest checkpoint in a file apart from the database, so that a database rolled back shows."""

import asyncio
import os
from pathlib import Path

LATEST = "latest.txt"
MODE = 0o644
"""For any auditor to read, and whatever the umask for nobody else to write: it is what a database
that was rolled back is held against."""


class FileWitness:
    """The port `Witness`: one file in a folder, always whole, on the disk once it is kept."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / LATEST

    @property
    def file(self) -> Path:
        return self._file

    async def latest(self) -> str | None:
        return await asyncio.to_thread(self._read)

    async def keep(self, note: str) -> None:
        await asyncio.to_thread(self._write, note)

    async def set_aside(self) -> str:
        return await asyncio.to_thread(self._set_aside)

    def _set_aside(self) -> str:
        count = len(list(self._file.parent.glob("void-*.txt")))
        name = f"void-{count + 1}.txt"
        os.replace(self._file, self._file.with_name(name))
        return name

    def _read(self) -> str | None:
        try:
            return self._file.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def _write(self, note: str) -> None:
        folder = self._file.parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".{LATEST}.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, MODE)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self._file)
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

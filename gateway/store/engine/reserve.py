"""The space that is never filled with documents, so that acts and traces can still be written."""

import os
from pathlib import Path

from gateway.records.health import Disk
from gateway.store.engine.engines import parse_url

RESERVED_PART = 20
"""One part in twenty of the disk, unless the reserve in bytes is larger (SECURITY section 4)."""


class Reserve:
    """Watches the disk of an SQLite file; a PostgreSQL server watches its own."""

    def __init__(self, url: str, reserve_bytes: int) -> None:
        parsed = parse_url(url)
        is_ours = parsed.get_backend_name() == "sqlite"
        self._folder = Path(parsed.database or ".").absolute().parent if is_ours else None
        self._bytes = reserve_bytes

    def disk(self) -> Disk | None:
        """None where a server keeps the files. The reserve is 0 where none was asked for."""
        if self._folder is None:
            return None
        disk = os.statvfs(self._folder)
        part = disk.f_blocks * disk.f_frsize // RESERVED_PART
        reserve = max(self._bytes, part) if self._bytes > 0 else 0
        return Disk(free=disk.f_bavail * disk.f_frsize, reserve=reserve)

    def is_touched(self) -> bool:
        if self._bytes <= 0:
            return False
        disk = self.disk()
        return disk is not None and disk.free < disk.reserve

"""What tells whether the house is well."""

from typing import Protocol

from gateway.records.health import Checked, Disk, Versions


class Watch(Protocol):
    async def checks(self) -> tuple[Checked, ...]:
        """Every check, asked now."""


class Upkeep(Protocol):
    def disk(self) -> Disk | None:
        """None where the database stands on another machine's disk, as far as we know."""

    async def versions(self) -> Versions: ...

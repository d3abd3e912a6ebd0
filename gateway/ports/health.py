"""What tells whether the house is well."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from gateway.records.health import Checked, Deed, Disk, Upkept, Versions


class Watch(Protocol):
    async def checks(self) -> tuple[Checked, ...]:
        """Every check, asked now."""


class Deeds(Protocol):
    async def keep(self, done: Upkept) -> None:
        """In place of the one before."""

    async def kept(self) -> Mapping[Deed, Upkept]:
        """The last of each; one that was never done is absent."""


class Upkeep(Deeds, Protocol):
    def disk(self) -> Disk | None:
        """None where the database stands on another machine's disk, as far as we know."""

    async def versions(self) -> Versions: ...

    async def ahead(self) -> timedelta | None:
        """How far the clock of the database server is before ours; None of a file."""

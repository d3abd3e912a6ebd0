"""The grids that were in force, for who must explain an old decision."""

from typing import Protocol

from gateway.records.grids import GridVersion


class Grids(Protocol):
    async def versions(self) -> list[GridVersion]:
        """Newest first."""

    async def content(self, beginning: str) -> bytes | None:
        """The file whose digest begins so; None where there is none, or more than one."""

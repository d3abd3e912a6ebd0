"""Later understandings of what was received."""

from collections.abc import Sequence
from typing import Protocol

from gateway.records.documents.replayed import Relabelling, Replayed


class Replays(Protocol):
    async def latest(self, receipt: str) -> Replayed | None:
        """The last one kept; None where the first understanding is the only one."""

    async def keep(self, replayed: Replayed, changes: Sequence[Relabelling]) -> None:
        """Keeps it, relabels the documents and traces each of them, in one commit."""

"""Later understandings of what was received."""

from collections.abc import Sequence
from typing import Protocol

from gateway.records.documents.replayed import Relabelling, Replayed
from gateway.records.patients.account import NewTrace


class Replays(Protocol):
    async def latest(self, receipt: str) -> Replayed | None:
        """The last one kept; None where the first understanding is the only one."""

    async def keep(self, replayed: Replayed, changes: Sequence[Relabelling], act: NewTrace) -> None:
        """Keeps it, relabels the documents, and traces it and each of them, in one commit.

        `act` says who and how; whose record it is about, the receipt knows.
        """

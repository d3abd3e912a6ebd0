"""The book of everything received."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from gateway.records.intake.filing import Answer, Facts, Filing, Intake, Receipt

Judge = Callable[[Intake, Facts], Filing]
"""Pure: decides what becomes of an intake; run by the store inside the filing transaction."""


class Journal(Protocol):
    async def file(self, intake: Intake) -> Answer:
        """Judges and stores one intake; returns only after an fsynced commit.

        Raises DeferredError when nothing could be made durable.
        """

    async def receipt(self, receipt: str) -> Receipt | None: ...

    async def raw(self, receipt: str) -> bytes | None:
        """The bytes as received, or None where they were dropped."""

    async def held(self, *, limit: int) -> list[Receipt]:
        """Receipts that wait for an identity or a person, oldest first."""

    async def waiting_for(self, name: bytes) -> list[str]:
        """Held receipts that `name` (a patient key or a hashed local id) would release."""

    async def refile(self, intake: Intake) -> Answer:
        """Judges a held receipt again under the same receipt id; files it if it can be."""

    async def drop_expired(self, now: datetime) -> int:
        """Forgets refused bytes whose time is over; how many."""

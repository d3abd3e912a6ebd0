"""What proving a request of DMP-compatible software asks of the store."""

from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import SenderAccount


class SenderNames(Protocol):
    async def sender_named(self, name: str) -> SenderAccount | None: ...


class SpentOnce(Protocol):
    async def once(self, subject: str, purpose: str, *, until: datetime) -> bool:
        """Remembers what may be shown once: true for its first caller, false for all others
        until then, on every node."""

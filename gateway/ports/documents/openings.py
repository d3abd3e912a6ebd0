"""Bytes of refused messages that two people open, as the desk asks for them."""

from datetime import datetime
from typing import Protocol

from gateway.records.intake.opening import Opening, Standing
from gateway.records.patients.account import NewTrace


class Openings(Protocol):
    async def standing(self, receipt: str) -> Standing | None:
        """None of a receipt that there is not, or whose key is destroyed."""

    async def ask(self, opening: Opening, *, act: NewTrace) -> None:
        """Traced in the same commit; a second one of the same operator about the same receipt
        changes nothing and is not traced."""

    async def waiting(self, *, since: datetime, limit: int) -> list[Opening]:
        """Those that were asked for since then and wait for a second person, oldest first."""

    async def find(self, identifier: str) -> Opening | None:
        """One that waits; None where it is agreed to, dropped, or was never there."""

    async def of_receipt(self, receipt: str) -> list[Opening]:
        """All that are kept about it, oldest first."""

    async def agree(self, opening: Opening, *, act: NewTrace) -> bool:
        """`opening` as it is from now on. True for exactly one caller, traced in the same
        commit."""

    async def drop(self, identifier: str, *, act: NewTrace) -> bool:
        """One that waits is forgotten. True for exactly one caller, traced likewise."""

    async def drop_ended(self, now: datetime, *, asked_before: datetime) -> int:
        """Forgets those whose time is over, and those that nobody agreed to; how many."""

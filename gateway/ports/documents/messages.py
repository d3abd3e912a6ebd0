"""The envelopes of everything received, for the desk that follows them."""

from datetime import datetime
from typing import Protocol

from gateway.records.intake.messages import Beat, Envelopes, Message, Place, Search, Tallies


class Messages(Protocol):
    async def tallies(self, *, since: datetime, until: datetime, limit: int) -> Tallies:
        """What came from `since` on and before `until`, counted among its newest `limit`."""

    async def beats(
        self, *, since: datetime, until: datetime, parts: int, limit: int
    ) -> list[Beat]:
        """The same, counted by sender in so many equal parts of that time; a part in which
        nothing came is absent."""

    async def page(
        self, search: Search, *, before: Place | None, rows: int, limit: int
    ) -> Envelopes:
        """The newest `rows` that suit, before a place; looked for among the newest `limit`
        messages of the time that is asked for."""

    async def message(self, receipt: str) -> Message | None: ...

"""The watch: whether the house takes documents. `/health/ready` and the desk ask the same one.

Since when something is so is known only as far as this process looked: the chores look at what
costs nothing every few seconds, the rest is looked at by whoever asks.
"""

import asyncio
import contextlib

from gateway.clock import Clock
from gateway.records.health import Check, Checked
from gateway.store.opening import Store

READY_SECONDS = 3.0
BROKEN = "the store must be opened anew"
FULL = "no space is left on the disk"
SILENT = "the database does not answer"
ONLY_READ = "the database only lets read: nothing can be stored"
REASONS = {
    Check.STORE: BROKEN,
    Check.DISK: FULL,
    Check.COMMITS: SILENT,
    Check.DATABASE: SILENT,
    Check.WRITABLE: ONLY_READ,
}


class Watch:
    """The port `Watch`, and the check of `/health/ready`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._seen: dict[Check, Checked] = {}

    async def __call__(self) -> str | None:
        """Why the house takes no documents, in a few words; None when it does."""
        self.look()
        unwell = self._reason((Check.STORE, Check.DISK, Check.COMMITS))
        if unwell is not None:
            return unwell
        await self._ask()
        return self._reason((Check.DATABASE, Check.WRITABLE))

    async def checks(self) -> tuple[Checked, ...]:
        """Every one, in order; the log only once a head was signed or refused."""
        self.look()
        await self._ask()
        return tuple(self._seen[one] for one in Check if one in self._seen)

    def look(self) -> None:
        """At what costs nothing."""
        database = self._store.database
        self.note(Check.STORE, is_well=not database.is_broken)
        self.note(Check.DISK, is_well=not database.is_full)
        self.note(Check.COMMITS, is_well=not database.is_stuck)

    def note(self, check: Check, *, is_well: bool, reason: str = "") -> None:
        """What was seen of one just now."""
        said = "" if is_well else reason or REASONS[check]
        seen = self._seen.get(check)
        if seen is None or bool(seen.reason) != bool(said):
            self._seen[check] = Checked(check=check, reason=said, since=self._clock.now())
        elif seen.reason != said:
            self._seen[check] = Checked(check=check, reason=said, since=seen.since)

    async def _ask(self) -> None:
        """Of a database that does not answer nobody knows whether it lets write."""
        only_reads: bool | None = None
        with contextlib.suppress(Exception):
            async with asyncio.timeout(READY_SECONDS):
                only_reads = await self._lets_only_read()
        self.note(Check.DATABASE, is_well=only_reads is not None)
        if only_reads is None:
            self._seen.pop(Check.WRITABLE, None)
        else:
            self.note(Check.WRITABLE, is_well=not only_reads)

    async def _lets_only_read(self) -> bool:
        """Files that may not be written are not asked anything else."""
        if await self._store.database.only_reads():
            return True
        await self._store.database.answer()
        return False

    def _reason(self, checks: tuple[Check, ...]) -> str | None:
        """Of the first that is not well."""
        seen = (self._seen[one].reason for one in checks if one in self._seen)
        return next((said for said in seen if said), None)

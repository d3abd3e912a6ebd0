"""The authorities of the DMP door and their lists of revoked certificates, as their files are now.

Lists are replaced every day by a job of the operator: no restart is needed for them.
"""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from gateway.clock import Clock
from gateway.mapping.vihf.trust import Trust, trust_of

log = structlog.get_logger()
LOOKED_SECONDS = 30.0
NOBODY = Trust(authorities=())
Seen = tuple[tuple[int, int], ...]


@dataclass(slots=True, kw_only=True)
class TrustFiles:
    """Read by `look`, and again when a file is another one. Files that cannot be read change
    nothing: an old list says itself when it is too old. `listed` and `demo` as `trust_of` takes
    them."""

    authorities: tuple[Path, ...]
    revocations: tuple[Path, ...]
    policies: tuple[str, ...]
    listed: bool
    demo: bool
    clock: Clock
    _trust: Trust = field(default=NOBODY)
    _seen: Seen | None = field(default=None)
    _looked: float | None = field(default=None)

    @property
    def at_hand(self) -> Trust:
        """As they were looked at last."""
        return self._trust

    async def current(self) -> Trust:
        now = self.clock.monotonic()
        if self._looked is None or now - self._looked >= LOOKED_SECONDS:
            self._looked = now
            await asyncio.to_thread(self.look)
        return self._trust

    def look(self) -> None:
        """Reads the files where one changed; at the start, before there is a first question."""
        try:
            seen = tuple(_version(path) for path in (*self.authorities, *self.revocations))
            if seen == self._seen:
                return
            self._trust = self.read()
            self._seen = seen
        except (OSError, ValueError) as error:
            log.warning("dmp.trust_unreadable", error=type(error).__name__)

    def read(self) -> Trust:
        """What the files say. Raises OSError or ValueError."""
        return trust_of(
            [path.read_bytes() for path in self.authorities],
            [path.read_bytes() for path in self.revocations],
            listed=self.listed,
            policies=self.policies,
            demo=self.demo,
        )


def _version(path: Path) -> tuple[int, int]:
    told = path.stat()
    return told.st_mtime_ns, told.st_ino

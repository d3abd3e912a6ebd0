"""Who sends over MLLP, without asking the database for each message of a busy line."""

from dataclasses import dataclass, field

from gateway.clock import Clock
from gateway.ports.people.people import People
from gateway.records.patients.account import SenderAccount

KNOWN_SECONDS = 1.0
MAX_KNOWN = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """Whose a name or a certificate is (nobody's, where None), until when that is believed."""

    account: SenderAccount | None
    until: float


@dataclass(slots=True)
class KnownSenders:
    """Accounts as they were at most KNOWN_SECONDS ago: a busy line does not ask each time."""

    people: People
    clock: Clock
    _kept: dict[str, Known] = field(default_factory=dict)

    def at_hand(self, key: str) -> Known | None:
        """What is known without asking; `key` is a name, or a certificate's SHA-256 in hex."""
        known = self._kept.get(key)
        return known if known and self.clock.monotonic() < known.until else None

    async def named(self, name: str) -> Known:
        return self._keep(name, await self.people.sender_named(name))

    async def bearing(self, fingerprint: str) -> Known:
        return self._keep(fingerprint, await self.people.sender_by_certificate(fingerprint))

    def _keep(self, key: str, account: SenderAccount | None) -> Known:
        if len(self._kept) >= MAX_KNOWN:
            self._kept.clear()
        known = self._kept[key] = Known(account, self.clock.monotonic() + KNOWN_SECONDS)
        return known

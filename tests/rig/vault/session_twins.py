"""In-memory twins of sessions, of one-time codes and of the tokens of services."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.records.patients.account import (
    Session,
)
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.service import ServiceToken
from gateway.records.readers.tries import Allowance, Counted


@dataclass
class MemorySessions:
    kept: dict[bytes, Session] = field(default_factory=dict)
    codes: dict[tuple[str, str], tuple[bytes, bytes, datetime]] = field(default_factory=dict)
    fails: dict[str, list[datetime]] = field(default_factory=dict)
    counted: dict[int, tuple[str, datetime]] = field(default_factory=dict)

    async def open(self, session: Session) -> None:
        self.kept[session.id_hash] = session

    async def change(self, session: Session) -> None:
        if session.id_hash in self.kept:
            self.kept[session.id_hash] = session

    async def find(self, id_hash: bytes) -> Session | None:
        return self.kept.get(id_hash)

    async def touch(self, id_hash: bytes, *, seen_at: datetime) -> None:
        self.kept[id_hash] = replace(self.kept[id_hash], seen_at=seen_at)

    async def close(self, id_hash: bytes) -> None:
        self.kept.pop(id_hash, None)

    async def keep_code(
        self, subject: str, purpose: str, *, salt: bytes, digest: bytes, expires_at: datetime
    ) -> None:
        self.codes[subject, purpose] = salt, digest, expires_at

    async def take_code(self, subject: str, purpose: str) -> tuple[bytes, bytes, datetime] | None:
        return self.codes.get((subject, purpose))

    async def spend_code(self, subject: str, purpose: str) -> bool:
        return self.codes.pop((subject, purpose), None) is not None

    async def once(self, subject: str, purpose: str, *, until: datetime) -> bool:
        new = (subject, purpose) not in self.codes
        self.codes.setdefault((subject, purpose), (b"", b"", until))
        return new

    async def tries(self, subject: str, *, since: datetime) -> list[datetime]:
        return [at for at in self.fails.get(subject, []) if at >= since]

    async def failed(self, subject: str, *, at: datetime) -> None:
        self.fails.setdefault(subject, []).append(at)

    async def count(self, allowances: Sequence[Allowance], *, at: datetime) -> Counted:
        full = [end for one in allowances if (end := self._full_until(one, at))]
        if full:
            return Counted(until=max(full))
        subjects = dict.fromkeys(one.subject for one in allowances)
        numbers = tuple(range(len(self.counted), len(self.counted) + len(subjects)))
        for number, subject in zip(numbers, subjects, strict=True):
            self.counted[number] = subject, at
            self.fails.setdefault(subject, []).append(at)
        return Counted(numbers=numbers)

    def _full_until(self, allowance: Allowance, at: datetime) -> datetime | None:
        window, tries = allowance.window, self.fails.get(allowance.subject, [])
        near = sorted(one for one in tries if abs(one - at) < window)
        return near[-allowance.most] + window if len(near) >= allowance.most else None

    async def take_back(self, numbers: Sequence[int], *, forget: str = "") -> None:
        self.fails.pop(forget, None)
        for subject, at in (self.counted[number] for number in numbers):
            if at in self.fails.get(subject, []):
                self.fails[subject].remove(at)
            if not self.fails.get(subject):
                self.fails.pop(subject, None)


@dataclass
class MemoryServiceTokens:
    kept: dict[bytes, ServiceToken] = field(default_factory=dict)

    async def keep(self, token: ServiceToken) -> None:
        self.kept[token.token_hash] = token

    async def find(self, token_hash: bytes) -> ServiceToken | None:
        return self.kept.get(token_hash)

    async def drop(self, patient: PatientKey, service: str) -> int:
        gone = [
            key
            for key, one in self.kept.items()
            if (one.patient, one.service) == (patient, service)
        ]
        for key in gone:
            del self.kept[key]
        return len(gone)

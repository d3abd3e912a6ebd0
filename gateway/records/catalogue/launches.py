"""What a launch leaves: codes, tokens, and what a service did with them (SMART App Launch 2)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.records.patients.patient import PatientKey


class TokenKind(StrEnum):
    CODE = "code"
    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchToken:
    """Kept as SHA-256 only. It lives until `ends_at`, and no longer than the choice that was
    written at `granted`. `challenge` (S256) and `redirect` are those that a code is bound to;
    `refreshes` says of a code whether its client may stay connected, `scopes` of an access token to
    what its client itself narrowed it: none for all of the choice."""

    token_hash: bytes
    kind: TokenKind
    service: str
    patient: PatientKey
    granted: datetime
    made_at: datetime
    ends_at: datetime
    challenge: str = ""
    redirect: str = ""
    refreshes: bool = False
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A code or a refresh token that was shown; `again` where it had been spent before."""

    token: LaunchToken
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many resources of one kind were read and written."""

    kind: str
    read: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a service did for one patient since it was agreed, and when it last did."""

    service: str
    patient: PatientKey
    last_at: datetime
    tallies: tuple[Tally, ...] = field(default=())

    def with_more(self, more: Tally) -> tuple[Tally, ...]:
        """Its tallies after this."""
        kept = {one.kind: one for one in self.tallies}
        had = kept.get(more.kind, Tally(kind=more.kind))
        kept[more.kind] = Tally(
            kind=more.kind, read=had.read + more.read, written=had.written + more.written
        )
        return tuple(kept.values())

"""The file of a service: what the public reads, what it may ask, and who judged it (APP-02)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ServiceState(StrEnum):
    """In the words of VAULT APP-02."""

    ASKED = "en instruction"
    LISTED = "référencé"
    SUSPENDED = "suspendu"
    WITHDRAWN = "retiré"


class Criterion(StrEnum):
    SECURITY = "sécurité"
    ETHICS = "éthique"
    INTEROPERABILITY = "interopérabilité"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """By whom, and the first and the last civil day (YYYY-MM-DD) on which it holds."""

    criterion: Criterion
    referee: str
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFile:
    """`scopes` are the most that a patient may give, in the syntax of SMART 2; `redirects` the
    exact addresses of return. A confidential client has a secret, `secret_sha256` in hex, or public
    `keys` (JWK, RFC 7517) and no secret; a public one has neither. `terms` and `privacy` are
    addresses that a person opens; nothing here fetches one.
    """

    id: str
    name: str
    publisher: str
    description: str
    themes: tuple[str, ...]
    price: str
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    terms: str
    privacy: str
    scopes: tuple[str, ...]
    redirects: tuple[str, ...]
    judgements: tuple[Judgement, ...] = ()
    secret_sha256: str = ""
    keys: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A service of the catalogue as it stands. What was given to it until `stopped_at`, when it was
    last suspended or withdrawn, opens nothing any more."""

    file: ServiceFile
    state: ServiceState
    since: datetime
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingProposal:
    """What one agent asks for, and another one agrees to; `by` is the number of the first."""

    id: str
    file: ServiceFile
    state: ServiceState
    by: str
    reason: str
    at: datetime


def is_judged(file: ServiceFile, today: date) -> bool:
    """Whether all three judgements hold on this civil day of Paris."""
    held = {one.criterion for one in file.judgements if one.since <= today.isoformat() <= one.until}
    return held == set(Criterion)


def is_listed(one: Listing, today: date) -> bool:
    """Shown to all, and open to new agreements (APP-02)."""
    return one.state is ServiceState.LISTED and is_judged(one.file, today)

"""What every way of signing in shares: tries that are counted, and a session that is opened.

A try is counted before it is judged, in the store, and taken back where it was right: of many at
once, by whatever worker or node, no more are judged than are allowed (VAULT ACC-07).
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.clock import Clock
from gateway.ports.people.people import Sessions
from gateway.records.patients.account import Professional, Session, SignedIn
from gateway.records.readers.callers import counted_as
from gateway.records.readers.tries import Allowance

IDLE = timedelta(minutes=15)
"""Of a session last seen, before or, where the clock was corrected since, after now."""
LONGEST = timedelta(hours=8)
TRIES_WINDOW = timedelta(minutes=15)
"""Of a password or a code (VAULT section 1, `lock`)."""
IDENTIFICATION_WINDOW = timedelta(hours=1)
"""Of who is not known yet and says who he is (VAULT ACC-07): numbers are guessed patiently."""
MAX_TRIES = 5
"""Of a person, from wherever they come (VAULT ACC-07)."""
MAX_TRIES_OF_ADDRESS = 50
"""More than of a person: a whole hospital may stand behind one address, and five people who forgot
their passwords lock nobody else out."""
MAX_TRIES_OF_OPERATOR = 3
OF_ADDRESSES = frozenset({"address", "activation-from", "recovery-from", "check-from", "link-from"})
"""Kinds of subjects that are where somebody came from."""


class WrongError(Exception):
    """Identifier, password, code or token is not right; nobody is told which."""


class TooManyTriesError(Exception):
    """`until` is the first instant at which one may try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many tries")
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A session and the secret that its cookie carries."""

    secret: str
    session: Session


def hash_secret(secret: str) -> bytes:
    """How a cookie, token or tried name is kept."""
    return hashlib.sha256(_bytes_of(secret)).digest()


def forgery_token(secret: str) -> str:
    """The hidden field `jeton` that goes with a cookie's secret."""
    return hmac.new(_bytes_of(secret), b"jeton", hashlib.sha256).hexdigest()


def _bytes_of(secret: str) -> bytes:
    """Of a header that is no UTF-8 too, whose bytes stand as lone surrogates: it is known to
    nobody."""
    return secret.encode("utf-8", "surrogatepass")


def subject(kind: str, value: str) -> str:
    """Whose tries are counted together; with an address of IPv6 all of its network."""
    told = counted_as(value) if kind in OF_ADDRESSES else value
    return f"{kind}:{hash_secret(told).hex()}"


def of_person(
    kind: str, value: str, *, most: int = MAX_TRIES, window: timedelta = TRIES_WINDOW
) -> Allowance:
    return Allowance(subject=subject(kind, value), most=most, window=window)


def of_address(
    address: str, *, kind: str = "address", window: timedelta = TRIES_WINDOW
) -> Allowance:
    return of_person(kind, address, most=MAX_TRIES_OF_ADDRESS, window=window)


async def count_try(sessions: Sessions, clock: Clock, *allowances: Allowance) -> tuple[int, ...]:
    """Before anything is judged; the numbers by which it is taken back (`Sessions.take_back`).

    Raises TooManyTriesError, and nothing is counted. What a clock far ahead wrote down locks nobody
    out once it is corrected: nobody waits longer than two windows.
    """
    counted = await sessions.count(allowances, at=clock.now())
    if counted.until is not None:
        raise TooManyTriesError(counted.until)
    return counted.numbers


def new_session(
    clock: Clock,
    secret: str,
    *,
    who: SignedIn,
    subject: str,
    proved: bool,
    lasts: timedelta,
    told: tuple[Professional, ...] = (),
) -> Ticket:
    """Under a secret of its own; whoever asks opens it."""
    now = clock.now()
    session = Session(
        id_hash=hash_secret(secret),
        who=who,
        subject=subject,
        proved=proved,
        csrf=forgery_token(secret),
        created_at=now,
        seen_at=now,
        expires_at=now + lasts,
        situations=told,
    )
    return Ticket(secret=secret, session=session)

"""What every way of signing in shares: tries that are counted, and a session that is opened."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.clock import Clock
from gateway.ports.people.people import Sessions
from gateway.records.patients.account import Professional, Session, SignedIn
from gateway.records.readers.callers import counted_as

IDLE = timedelta(minutes=15)
"""Of a session last seen, before or, where the clock was corrected since, after now."""
LONGEST = timedelta(hours=8)
TRIES_WINDOW = timedelta(minutes=15)
IDENTIFICATION_WINDOW = timedelta(hours=1)
"""Of who is not known yet and says who he is (VAULT ACC-07): numbers are guessed patiently."""
MAX_TRIES = 5
OF_ADDRESSES = frozenset({"address", "recovery-from"})
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


async def check_tries(
    sessions: Sessions, clock: Clock, *subjects: str, window: timedelta = TRIES_WINDOW
) -> None:
    """Raises TooManyTriesError. What a clock far ahead wrote down locks nobody out once it is
    corrected: nobody waits longer than two windows."""
    now = clock.now()
    for one in subjects:
        found = await sessions.tries(one, since=now - window)
        tries = [at for at in found if abs(at - now) < window]
        if len(tries) >= MAX_TRIES:
            raise TooManyTriesError(tries[-MAX_TRIES] + window)


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

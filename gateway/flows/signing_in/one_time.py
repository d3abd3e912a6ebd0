"""The one-time code of a browser half signed in: kept as a salted hash, spent by one request.

A form sent twice brings the same code twice. For a moment the same browser is told by it what the
first request was told; of anybody else, and of any other code, nothing changes.
"""

import hashlib
import hmac
from datetime import timedelta

from gateway.clock import Clock
from gateway.flows.signing_in.tries import forgery_token, hash_secret
from gateway.mapping.oidc.base64url import base64url
from gateway.ports.people.people import Sessions
from gateway.records.patients.account import Session

PURPOSE, SPENT = "login", "login-spent"
SENT_AGAIN_WITHIN = timedelta(seconds=30)


def code_digest(salt: bytes, code: str) -> bytes:
    return hashlib.sha256(salt + code.encode()).digest()


async def spend(sessions: Sessions, clock: Clock, session: Session, code: str) -> bytes | None:
    """The salt of the code, which was right and is used up; None for any other caller."""
    salt = await _fits(sessions, clock, session.id_hash, code, PURPOSE)
    if salt is None:
        return None
    subject = session.id_hash.hex()
    await sessions.keep_code(
        subject,
        SPENT,
        salt=salt,
        digest=code_digest(salt, code),
        expires_at=clock.now() + SENT_AGAIN_WITHIN,
    )
    return salt if await sessions.spend_code(subject, PURPOSE) else None


async def was_spent(sessions: Sessions, clock: Clock, id_hash: bytes, code: str) -> bytes | None:
    """The salt of the code that this session used up a moment ago, where this is the one."""
    return await _fits(sessions, clock, id_hash, code, SPENT)


async def told_again(sessions: Sessions, clock: Clock, browser: str, code: str) -> str | None:
    """What the code of this browser's former session opened. It may be tried in vain once: no
    person is known here whose tries could be counted."""
    id_hash = hash_secret(browser)
    salt = await was_spent(sessions, clock, id_hash, code)
    if salt is None:
        await sessions.spend_code(id_hash.hex(), SPENT)
        return None
    return risen_secret(forgery_token(browser), code, salt)


async def _fits(
    sessions: Sessions, clock: Clock, id_hash: bytes, code: str, purpose: str
) -> bytes | None:
    kept = await sessions.take_code(id_hash.hex(), purpose)
    if kept is None or clock.now() >= kept[2]:
        return None
    salt, digest, _end = kept
    return salt if hmac.compare_digest(code_digest(salt, code), digest) else None


def risen_secret(csrf: str, code: str, salt: bytes) -> str:
    """The secret of the session that this code opens, the same for a form that comes twice: of
    what this browser alone shows, the code, and chance that only the store holds."""
    return base64url(hmac.new(salt, f"{csrf}\0{code}".encode(), hashlib.sha256).digest())

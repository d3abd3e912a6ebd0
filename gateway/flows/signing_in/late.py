"""A session that ran out while a form was being filled (decision 047)."""

from gateway.clock import Clock
from gateway.flows.signing_in.tries import IDLE, hash_secret
from gateway.ports.people.people import Sessions
from gateway.records.patients.account import Session


async def run_out(sessions: Sessions, clock: Clock, secret: str) -> Session | None:
    """The session of a cookie that ended by nothing but idleness, before `SignIn.visitor` closes
    it: what was written in it may be kept, and nothing may be read."""
    session = await sessions.find(hash_secret(secret))
    if session is None or not session.proved:
        return None
    now = clock.now()
    return session if now - session.seen_at >= IDLE and now < session.expires_at else None

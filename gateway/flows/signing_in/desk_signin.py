"""Sign in somebody of the desk: login and password, the same words and time for nobody.

Kept as any act is: in the log of the desk, by number (VAULT GEN-06, section 16).
"""

from dataclasses import dataclass, replace

from gateway.clock import Clock, Ids
from gateway.flows.signing_in.signin import MAX_FIELD_CHARACTERS, PasswordHasher, Turns
from gateway.flows.signing_in.tries import (
    LONGEST,
    MAX_TRIES_OF_OPERATOR,
    Ticket,
    WrongError,
    count_try,
    new_session,
    of_address,
    of_person,
)
from gateway.ports.people.operators import Operators
from gateway.ports.people.people import Sessions, Traces
from gateway.records.patients.account import NewTrace, Session, SignedIn
from gateway.records.patients.patient import DESK
from gateway.records.readers.operator import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSignIn:
    operators: Operators
    sessions: Sessions
    traces: Traces
    hasher: PasswordHasher
    turns: Turns
    clock: Clock
    ids: Ids

    async def begin(self, login: str, password: str, *, address: str) -> Ticket:
        """Raises WrongError, TooManyTriesError."""
        name = login.strip()[:MAX_FIELD_CHARACTERS]
        whose = of_person("operator", name.casefold(), most=MAX_TRIES_OF_OPERATOR)
        async with self.turns.turn(whose.subject):
            counted = await count_try(self.sessions, self.clock, whose, of_address(address))
            known = await self.operators.operator(name)
            right = await self.hasher.verify(known.password_hash if known else None, password)
            if known is None or known.disabled or not right:
                await self._trace(known, address, permitted=False)
                raise WrongError
            await self.sessions.take_back(counted, forget=whose.subject)
        await self._trace(known, address, permitted=True)
        ticket = new_session(
            self.clock,
            self.ids.secret(),
            who=SignedIn.OPERATOR,
            subject=known.number,
            proved=True,
            lasts=LONGEST,
        )
        await self.sessions.open(ticket.session)
        return ticket

    async def operator_of(self, session: Session) -> Operator | None:
        """None for one who was disabled since: his session is worth nothing any more."""
        known = await self.operators.operator_numbered(session.subject)
        return None if known is None or known.disabled else known

    async def stay(self, session: Session) -> None:
        """As if the session began now: who moves the demo's clock is still at the desk, though all
        that fell due was done, and his session was among it."""
        now = self.clock.now()
        await self.sessions.open(replace(session, seen_at=now, expires_at=now + LONGEST))

    async def _trace(self, known: Operator | None, address: str, *, permitted: bool) -> None:
        """A login that nobody has is not kept: it may be somebody's password."""
        trace = NewTrace(
            patient=DESK,
            action="login",
            permitted=permitted,
            rule="signin",
            kind="operator",
            actor=known.number if known else "",
            actor_name="",
            door="desk",
            address=address,
        )
        await self.traces.write([trace])

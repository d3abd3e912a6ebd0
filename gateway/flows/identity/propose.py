"""Two people (VAULT DSK-09): one proposes whose a held receipt is, another one validates it.

A proposal is checked when it is made and again when it is validated; until then nothing changes.
Whoever settles a receipt has it alone, on all nodes: of two who validate at once, or of one who
validates and one who drops it, the other is told. A proposal waits until its act is done, so that
a process that dies midway loses none.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta

import orjson

from gateway.clock import Clock, Ids
from gateway.errors import DeferredError, RefusedError
from gateway.flows.identity.decide import Decide, Word, of_desk
from gateway.flows.identity.parting import PARTING, demand_parting
from gateway.flows.identity.qualify import Claim, Qualify
from gateway.flows.identity.why import not_held
from gateway.ports.people.desk import Proposals
from gateway.records.intake.filing import Answer
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import DeskAct, DeskWord, Proposal
from gateway.records.patients.patient import DESK, PatientIdentity

WORDS = {
    DeskAct.CORRECT: DeskWord.CORRECT,
    DeskAct.MERGE: DeskWord.MERGE,
    DeskAct.ENDS: DeskWord.ENDS,
}
PARTED = "held-apart"
DONE, WITHDRAWN = "validated", "refused"
TURN = timedelta(minutes=2)
"""How long a process that died keeps others from the receipt that it was settling."""
Act = Callable[[Proposal], NewTrace]
"""What the log keeps of an act on a proposal, in the commit that does it."""


class SamePersonError(RefusedError):
    """Who proposed may not validate (VAULT DSK-09)."""


class BeingSettledError(RefusedError):
    """Another process has this receipt now: try again when it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPeople:
    proposals: Proposals
    qualify: Qualify
    decide: Decide
    clock: Clock
    ids: Ids
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One settling at a time in this process."""

    async def propose(self, claim: Claim, *, login: str, told: Act) -> Proposal:
        """Raises RefusedError when the claim cannot be true as things stand."""
        await self.qualify.check(claim)
        packed = orjson.dumps(asdict(claim) | {"accepted": sorted(claim.accepted)})
        made = self._made(
            DeskAct.QUALIFY, claim.receipt, claim.by, claim.reason, login, claim=packed
        )
        return await self._add(made, told)

    async def propose_word(
        self,
        act: DeskAct,
        receipt: str,
        *,
        by: str,
        reason: str,
        login: str,
        told: Act,
    ) -> Proposal:
        """Raises RefusedError when that answers nothing that holds the receipt."""
        if act in PARTING:
            await demand_parting(self.qualify, receipt)
        else:
            await self.decide.check(receipt, WORDS[act])
        return await self._add(self._made(act, receipt, by, reason, login), told)

    async def validate(self, identifier: str, *, by: str) -> list[tuple[str, Answer]]:
        """Does what was proposed, in the names of both.

        Raises SamePersonError, BeingSettledError, and RefusedError for a proposal that is settled,
        and when what it says is true no more. What is not done to its end waits again.
        """
        proposal = await self._waiting(identifier)
        if same_person(proposal.by, by):
            raise SamePersonError("a second person validates: this is who proposed it")
        async with self._alone(proposal.receipt):
            answers = await self._carry_out(await self._waiting(identifier), by)
            await self._settle(identifier, DONE)
            return answers

    async def refuse(self, identifier: str, *, told: Act) -> Proposal:
        """Whoever it is, nothing is attached. Raises BeingSettledError, and RefusedError where
        nothing waits: nothing is told then."""
        proposal = await self._waiting(identifier)
        async with self._alone(proposal.receipt):
            await self._waiting(identifier)
            if not await self._settle(identifier, WITHDRAWN, told(proposal)):
                raise _settled(identifier)
        return proposal

    async def set_aside(self, word: Word) -> list[tuple[str, Answer]]:
        """One person is enough. Raises BeingSettledError, and RefusedError where the receipt is
        not held any more."""
        async with self._alone(word.receipt):
            return await self.decide(word)

    @asynccontextmanager
    async def _alone(self, receipt: str) -> AsyncIterator[None]:
        """In this process one waits for the other; on another node, or beside a command, it is
        told. A process that dies meanwhile keeps the receipt for TURN at most."""
        async with self.turn:
            now = self.clock.now()
            if not await self.proposals.claim(receipt, at=now, until=now + TURN):
                raise BeingSettledError(f"somebody else settles receipt {receipt} just now")
            try:
                yield
            finally:
                with suppress(DeferredError):  # it ends by itself
                    await self.proposals.give_back(receipt, until=now + TURN)

    async def _settle(self, identifier: str, outcome: str, act: NewTrace | None = None) -> bool:
        now = self.clock.now()
        return await self.proposals.settle(identifier, outcome=outcome, at=now, act=act)

    async def _carry_out(self, proposal: Proposal, by: str) -> list[tuple[str, Answer]]:
        if proposal.act is DeskAct.QUALIFY:
            return await self.qualify(replace(claim_of(proposal), validated_by=by))
        if proposal.act is DeskAct.APART:
            return await self._part(proposal, by)
        if proposal.act is DeskAct.ENDS:
            await demand_parting(self.qualify, proposal.receipt)
        word = Word(
            receipt=proposal.receipt,
            word=WORDS[proposal.act],
            by=proposal.by,
            reason=proposal.reason,
            validated_by=by,
        )
        return await self.decide(word)

    async def _part(self, proposal: Proposal, by: str) -> list[tuple[str, Answer]]:
        """It is held as before. In the log of the desk: it is no fact about that person."""
        kept, closed = await demand_parting(self.qualify, proposal.receipt)
        said = {"receipt": proposal.receipt, "reason": proposal.reason, "validated_by": by}
        act = of_desk(DESK, proposal.by, orjson.dumps(said), action=PARTED)
        whose = [one.key for one in closed]
        await self.proposals.part(proposal.receipt, whose, act=act)
        return [(proposal.receipt, kept.receipt.answer)]

    async def _waiting(self, identifier: str) -> Proposal:
        proposal = await self.proposals.find(identifier)
        if proposal is None:
            raise _settled(identifier)
        return proposal

    def _made(
        self,
        act: DeskAct,
        receipt: str,
        by: str,
        reason: str,
        login: str,
        *,
        claim: bytes = b"{}",
    ) -> Proposal:
        return Proposal(
            id=self.ids.identifier(),
            receipt=receipt,
            act=act,
            by=by,
            reason=reason,
            at=self.clock.now(),
            claim=claim,
            login=login,
        )

    async def _add(self, made: Proposal, told: Act) -> Proposal:
        """A form that was sent twice is one proposal, and one act."""
        waiting = await self.proposals.of_receipt(made.receipt)
        before = next((one for one in waiting if _said(one) == _said(made)), None)
        if before is not None:
            return before
        if not await self.proposals.add(made, act=told(made)):
            raise not_held(made.receipt)
        return made


def _said(one: Proposal) -> tuple[DeskAct, str, str, bytes]:
    return one.act, one.by, one.reason, one.claim


def _settled(identifier: str) -> RefusedError:
    return RefusedError(f"no proposal {identifier} waits for a second person")


def claim_of(proposal: Proposal) -> Claim:
    """What the first person said of a receipt."""
    said = orjson.loads(proposal.claim)
    identity = said["identity"] | {"other_ids": tuple(said["identity"]["other_ids"])}
    return Claim(
        **said | {"identity": PatientIdentity(**identity), "accepted": frozenset(said["accepted"])}
    )


def same_person(one: str, other: str) -> bool:
    """However the name was typed."""
    return _typed(one) == _typed(other)


def _typed(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in plain if char.isalnum())

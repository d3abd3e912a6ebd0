"""Held deposits at the desk (VAULT DSK-09): envelope facts and finding codes, never content.

What attaches something takes two people; what refuses takes one. Each look and each act is in the
log of whom the receipt names, where it names anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from gateway.errors import RefusedError
from gateway.flows.again import Kept
from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.named import shown_sender
from gateway.flows.identity.candidates import Candidate
from gateway.flows.identity.decide import Word
from gateway.flows.identity.parting import closed_of
from gateway.flows.identity.propose import Act, TwoPeople, claim_of
from gateway.flows.identity.qualify import Claim, house_of, received_identity
from gateway.flows.identity.whose import whose_claim, whose_receipt
from gateway.flows.identity.why import CannotBeError, Why
from gateway.ports.documents.journal import Journal
from gateway.ports.people.desk import Proposals
from gateway.ports.people.people import PatientNames
from gateway.records.intake.filing import Answer, Receipt
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import DeskAct, DeskWord, Proposal
from gateway.records.patients.patient import DESK, PatientIdentity, PatientKey
from gateway.records.readers.access import (
    AccessAction,
    Account,
    Decision,
    DocumentFacts,
    FactStatus,
    Reader,
    RecordFacts,
)

T = TypeVar("T")
MAX_HELD = 1_000
HELD = DocumentFacts(type="untyped", status=FactStatus.HELD)
"""All that a decision may know of what nobody has filed."""
NOBODYS = RecordFacts(account=Account.NOT_CREATED, qualified=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReceipt:
    """One held receipt. `said` tells which parts of an identity its sender wrote at all;
    `ending` are those whom a merge would end, `acts` what somebody may propose."""

    receipt: Receipt
    said: dict[str, bool]
    candidates: tuple[Candidate, ...]
    ending: tuple[Candidate, ...]
    acts: tuple[DeskAct, ...]
    waiting: tuple[Proposal, ...]
    is_of_closed: bool = False
    """Whether it names somebody whose space is closed, and keeps it from being erased."""

    @property
    def looked_at(self) -> list[str]:
        """Codes that a person must look at before it is attached to anybody."""
        return sorted({one.code for one in self.receipt.answer.findings if one.holds})


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A proposal as the second person sees it: `candidate` is whom a deposit would be attached to,
    None for a message about people and where that person does not come up any more; the first
    person went over the differences, and over the findings `accepted`."""

    proposal: Proposal
    held: HeldReceipt
    candidate: Candidate | None = None
    despite_differences: bool = False
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What a first person says of a held receipt; `candidate` is a key of the index in hex."""

    receipt: str
    act: DeskAct
    reason: str
    candidate: str = ""
    despite_differences: bool = False
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Oldest(Generic[T]):
    """The oldest MAX_HELD of a list, and whether there are more."""

    rows: Sequence[T]
    more: bool


def _oldest(found: Sequence[T]) -> Oldest[T]:
    return Oldest(rows=found[:MAX_HELD], more=len(found) > MAX_HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDesk:
    gate: DeskGate
    journal: Journal
    proposals: Proposals
    names: PatientNames
    two: TwoPeople

    async def listed(self, agent: Reader) -> Oldest[Receipt]:
        """Raises DeniedError."""
        held = _oldest(await self.journal.held(limit=MAX_HELD + 1))
        await self._demand(agent, "held-list", {"shown": len(held.rows)})
        return Oldest(rows=[_shown(one) for one in held.rows], more=held.more)

    async def show(self, agent: Reader, receipt: str) -> HeldReceipt:
        """Raises DeniedError, and RefusedError for a receipt that is not held."""
        kept = await self._kept(receipt)
        identity = received_identity(kept.understanding)
        await self._demand(agent, "held", {"receipt": receipt}, self._whose(kept))
        qualify, house = self.two.qualify, house_of(kept)
        candidates = [] if identity is None else await qualify.candidates(identity, house)
        ending = await qualify.ending(kept.understanding, house, candidates)
        waiting = await self.proposals.of_receipt(receipt)
        return HeldReceipt(
            receipt=_shown(kept.receipt),
            said=_said(identity),
            candidates=tuple(candidates),
            ending=tuple(ending),
            acts=_acts(kept),
            waiting=tuple(waiting),
            is_of_closed=bool(await closed_of(qualify, kept)),
        )

    async def propose(self, agent: Reader, said: Attachment) -> Proposal:
        """Raises DeniedError, and RefusedError for what cannot be true as things stand."""
        kept = await self._kept(said.receipt)
        by, login = _number(agent), agent.id or ""
        if said.act is DeskAct.QUALIFY:
            key = _key(said.candidate)
            claim = await self._claim(said, key, by)
            told = await self._told(agent, "identity-proposed", key, reason=said.reason)
            return await self.two.propose(claim, login=login, told=told)
        told = await self._told(agent, "identity-proposed", self._whose(kept), reason=said.reason)
        return await self.two.propose_word(
            said.act, said.receipt, by=by, reason=said.reason, login=login, told=told
        )

    async def set_aside(self, agent: Reader, receipt: str, reason: str) -> None:
        """The receipt is refused. Raises DeniedError, RefusedError."""
        kept = await self._kept(receipt)
        self._check(agent)
        word = Word(
            receipt=kept.receipt.id, word=DeskWord.SET_ASIDE, by=_number(agent), reason=reason
        )
        await self.two.set_aside(word)

    async def waiting(self) -> Oldest[Proposal]:
        """What waits for a second person."""
        return _oldest(await self.proposals.open(limit=MAX_HELD + 1))

    async def proposal(self, identifier: str) -> Proposal:
        """Raises RefusedError where nothing waits under this name."""
        found = await self.proposals.find(identifier)
        if found is None:
            raise RefusedError(f"no proposal {identifier} waits for a second person")
        return found

    async def examine(self, agent: Reader, identifier: str) -> Examined:
        """What a second person must see before he agrees. Raises DeniedError, RefusedError."""
        proposal = await self.proposal(identifier)
        held = await self.show(agent, proposal.receipt)
        if proposal.act is not DeskAct.QUALIFY:
            return Examined(proposal=proposal, held=held)
        claim, key = claim_of(proposal), self._whom(proposal)
        return Examined(
            proposal=proposal,
            held=held,
            candidate=next((one for one in held.candidates if one.person.key == key), None),
            despite_differences=claim.despite_differences,
            accepted=tuple(sorted(claim.accepted)),
        )

    async def validate(self, agent: Reader, identifier: str) -> list[tuple[str, Answer]]:
        """Raises SamePersonError for who proposed it, DeniedError, RefusedError."""
        await self.proposal(identifier)
        self._check(agent)
        return await self.two.validate(identifier, by=_number(agent))

    async def refuse(self, agent: Reader, identifier: str) -> Proposal:
        """Nothing is attached; the receipt stays held. Raises DeniedError, RefusedError."""
        whose = await self._about(await self.proposal(identifier))
        told = await self._told(agent, "identity-declined", whose)
        return await self.two.refuse(identifier, told=told)

    async def _about(self, proposal: Proposal) -> PatientKey:
        """In whose log a proposal stands: it is dropped where it was made."""
        if proposal.act is DeskAct.QUALIFY:
            return self._whom(proposal)
        return self._whose(await self._kept(proposal.receipt))

    def _whom(self, proposal: Proposal) -> PatientKey:
        return whose_claim(self.names, proposal)

    async def _kept(self, receipt: str) -> Kept:
        found = await self.journal.receipt(receipt)
        if found is None or found.answer.verdict is not Verdict.HOLD:
            raise CannotBeError(f"receipt {receipt} is not held", Why.NOT_HELD)
        return await self.two.qualify.again(receipt)

    async def _claim(self, said: Attachment, key: PatientKey, by: str) -> Claim:
        known = await self.two.qualify.people.person(key)
        if known is None or known.identity.ins is None:
            raise CannotBeError("there is no such candidate", Why.NO_CANDIDATE)
        identity = PatientIdentity(ins=known.identity.ins, ins_oid=known.identity.ins_oid)
        return Claim(
            receipt=said.receipt,
            identity=identity,
            by=by,
            reason=said.reason,
            despite_differences=said.despite_differences,
            accepted=said.accepted,
        )

    def _whose(self, kept: Kept) -> PatientKey:
        return whose_receipt(self.names, kept)

    def _decision(self, agent: Reader) -> Decision:
        return self.gate.may(agent, AccessAction.LIST, HELD, NOBODYS)

    def _check(self, agent: Reader) -> None:
        """For an act that its own flow traces."""
        if not self._decision(agent).permitted:
            raise RefusedError("this reader does not settle identities")

    async def _told(self, agent: Reader, traced_as: str, whose: PatientKey, **said: object) -> Act:
        """The trace of an act on a proposal, for the commit that does it. Raises DeniedError."""
        decision = self._decision(agent)
        if not decision.permitted:
            await self._demand(agent, traced_as, said, whose)

        def told(one: Proposal) -> NewTrace:
            about = {"receipt": one.receipt, "proposal": one.id, **said}
            return self.gate.trace(agent, decision, traced_as=traced_as, patient=whose, said=about)

        return told

    async def _demand(
        self, agent: Reader, traced_as: str, said: Mapping[str, object], whose: PatientKey = DESK
    ) -> None:
        decision = self._decision(agent)
        await self.gate.demand(agent, decision, traced_as=traced_as, patient=whose, said=said)


SAID = {
    "birth_family": "nom",
    "birth_given": "prénom",
    "birth_date": "naissance",
    "sex": "sexe",
    "birth_place": "lieu",
}
"""Traits in the words of the desk, in the order that they are compared."""


def _shown(receipt: Receipt) -> Receipt:
    return replace(receipt, sender=shown_sender(receipt.sender))


def _said(identity: PatientIdentity | None) -> dict[str, bool]:
    one = identity or PatientIdentity()
    parts = {"INS": bool(one.ins), "identifiant local": bool(one.other_ids)}
    return parts | {word: bool(getattr(one, name)) for name, word in SAID.items()}


def _acts(kept: Kept) -> tuple[DeskAct, ...]:
    """A document is attached; a message about people is taken, or two people are one."""
    if kept.understanding.documents:
        return (DeskAct.QUALIFY,)
    holding = {one.code for one in kept.receipt.answer.findings if one.holds}
    merges = "merge-two-ins" in holding
    return (DeskAct.CORRECT, DeskAct.MERGE) if merges else (DeskAct.CORRECT,)


def _number(agent: Reader) -> str:
    if not agent.id:
        raise RefusedError("who acts at the desk has a number")
    return agent.id


def _key(text: str) -> PatientKey:
    try:
        return PatientKey(bytes.fromhex(text))
    except ValueError as error:
        raise CannotBeError("there is no such candidate", Why.NO_CANDIDATE) from error

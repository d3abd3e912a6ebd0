"""Decide: what becomes of a held receipt when the index was right, when the message was, or when
two INS are one person. The judge files it again with that word; nothing is guessed here."""

from dataclasses import dataclass

import orjson
from msgspec import structs

from gateway.clock import Clock
from gateway.flows.again import Again, Kept
from gateway.flows.filing.judging.people import IDENTITY_HOLDS, key_of, names_of
from gateway.flows.identity.qualify import RULE, SUPPORT, house_of, received_identity
from gateway.flows.identity.release import Release
from gateway.flows.identity.why import CannotBeError, Why, not_held
from gateway.ports.people.desk import Merges
from gateway.ports.people.people import PatientNames
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import DeskWord, Merge
from gateway.records.patients.patient import DESK, PatientIdentity, PatientKey

SETTLES = {
    DeskWord.CORRECT: frozenset({"identity-mismatch", "local-id-conflict", "merge-two-ins"}),
    DeskWord.MERGE: frozenset({"merge-two-ins"}),
}
"""Which findings each word answers."""
ENDING = frozenset({DeskWord.SET_ASIDE, DeskWord.ENDS})
"""Whatever holds it: nothing is attached to anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Who decides what, and why; `validated_by` is the second person, "" where one is enough."""

    receipt: str
    word: DeskWord
    by: str
    reason: str
    validated_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    names: PatientNames
    again: Again
    release: Release

    async def __call__(self, word: Word) -> list[tuple[str, Answer]]:
        """The answer of this receipt, then those of all others that it released.

        Raises RefusedError, before anything changed, when the word answers nothing, and where the
        receipt was settled meanwhile: what was not decided is not traced.
        """
        kept = await self.check(word.receipt, word.word)
        identity = received_identity(kept.understanding) or PatientIdentity()
        names = names_of(identity, self.names, house_of(kept))
        act = _trace(word, PatientKey(next(iter(names), DESK)))
        decided = structs.replace(await self.again.intake(kept), desk=word.word, act=act)
        answer = await self.again.journal.refile(decided)
        if word.word in ENDING or answer.verdict is not Verdict.ACCEPT:
            return [(word.receipt, answer)]
        return [
            (word.receipt, answer),
            *await self.release.others(names, apart_from=word.receipt),
        ]

    async def check(self, receipt: str, word: DeskWord) -> Kept:
        """Changes nothing. Raises RefusedError when the word answers nothing that holds it."""
        kept = await self.again(receipt)
        if kept.receipt.answer.verdict is not Verdict.HOLD:
            raise not_held(receipt)
        if word in ENDING:
            return kept
        holding = {one.code for one in kept.receipt.answer.findings if one.holds}
        if not holding & SETTLES[word]:
            codes = sorted(SETTLES[word])
            said = f"receipt {receipt} is not held by {' or '.join(codes)}"
            raise CannotBeError(said, Why.NOT_ANSWERED, codes)
        if others := sorted(holding - SETTLES[word]):
            said = f"it is held by {' '.join(others)} too: settle that first"
            raise CannotBeError(said, Why.OTHERS_TOO, others)
        self._demand_qualified(kept)
        return kept

    def _demand_qualified(self, kept: Kept) -> None:
        """What corrects a qualified identity must be one."""
        message = kept.understanding.message
        if message is not None and message.admission is not None:
            subjects = message.admission.subjects
            sound = all(
                one.qualified or key_of(one.identity, self.names) is None for one in subjects
            )
        else:
            codes = {one.code for one in kept.understanding.findings}
            sound = not codes & IDENTITY_HOLDS
        if not sound:
            said = "its own identity is not qualified: the index cannot take it"
            raise CannotBeError(said, Why.OWN_UNQUALIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerge:
    """Takes a merge back; one person is enough, because nothing is attached to anybody."""

    merges: Merges
    clock: Clock

    async def __call__(self, identifier: str, *, by: str, reason: str) -> Merge:
        """Raises RefusedError for a merge that is not there, was undone, or changed since."""
        details = {"unmerge": identifier, "reason": reason}
        trace = of_desk(DESK, by, orjson.dumps(details))
        return await self.merges.undo(identifier, trace, at=self.clock.now())


def _trace(word: Word, patient: PatientKey) -> NewTrace:
    details = {
        "receipt": word.receipt,
        "act": word.word.value,
        "reason": word.reason,
        "validated_by": word.validated_by,
    }
    return of_desk(patient, word.by, orjson.dumps(details))


def of_desk(patient: PatientKey, by: str, details: bytes, *, action: str = "identity") -> NewTrace:
    return NewTrace(
        patient=patient,
        action=action,
        permitted=True,
        rule=RULE,
        kind="operator",
        actor=by,
        actor_name=SUPPORT,
        door="desk",
        details=details,
    )

"""Qualify: an operator says whose a held receipt is; what waited for that identity files itself.

The index learns the identity, the trace tells who said so and why, and the documents keep the
traits that their sender wrote. Nothing here is ever shown: agreement is told by trait name only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson
from msgspec import structs

from gateway.errors import RefusedError
from gateway.flows.again import Again, Kept
from gateway.flows.filing.judging.people import IDENTITY_HOLDS, names_of
from gateway.flows.identity.candidates import Candidate, compared
from gateway.flows.identity.release import Release
from gateway.flows.identity.why import CannotBeError, Why, not_held
from gateway.mapping.datatypes.local_ids import scoped
from gateway.mapping.identity import COMPARED, NEEDED, identity_findings, same_traits
from gateway.ports.people.patient_index import PatientIndex
from gateway.ports.people.people import PatientNames
from gateway.records.intake.filing import Answer, IdentityChange
from gateway.records.intake.finding import Severity, Verdict, verdict_of
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.account import NewTrace, Person
from gateway.records.patients.patient import PatientIdentity, PatientKey, Profile

IDENTITY = IDENTITY_HOLDS | {"cda-without-ins", "identity-mismatch"}
DISAGREEMENTS = frozenset({"traits-disagree", "traits-differ"})
"""Envelope and document name the same person in two ways."""
NEVER = frozenset({"ins-oid"})
"""An INS of the other profile is kept for a person to see, never filed."""
WHERE = "--ins"
RULE = "operator"
SUPPORT = "3422"
"""What a patient reads of any operator, beside his number (VAULT section 16 "Traced")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An operator's word: this receipt is of this person. `by`, `reason` and `validated_by`, the
    second person (VAULT DSK-09), are traced.

    `identity` bears INS and OID, and the traits where the index does not hold them yet;
    `despite_differences` takes a document whose own traits disagree with those; `accepted` are
    the codes of other findings that hold it and that the operator has looked at.
    """

    receipt: str
    identity: PatientIdentity
    by: str
    reason: str
    validated_by: str = ""
    despite_differences: bool = False
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A claim that can be true: the identity as the index will hold it, what differs, and what was
    received."""

    kept: Kept
    received: PatientIdentity
    key: PatientKey
    identity: PatientIdentity
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualify:
    people: PatientIndex
    names: PatientNames
    again: Again
    release: Release

    async def __call__(self, claim: Claim) -> list[tuple[str, Answer]]:
        """The answer of this receipt, then those of all others that it released.

        Raises RefusedError, before anything changed, when the claim cannot be true.
        """
        checked = await self.check(claim)
        await self._learn(claim, checked)
        answer = await self._file(checked)
        return [(claim.receipt, answer), *await self._others(claim.receipt, checked)]

    async def check(self, claim: Claim) -> Checked:
        """Changes nothing. Raises RefusedError when the claim cannot be true."""
        kept = await self.again(claim.receipt)
        received = received_identity(kept.understanding)
        if kept.receipt.answer.verdict is not Verdict.HOLD or received is None:
            said = f"receipt {claim.receipt} does not wait for an identity"
            raise CannotBeError(said, Why.NOT_HELD)
        if not kept.understanding.documents:
            said = "an ADT is corrected, merged or set aside: it files no document"
            raise CannotBeError(said, Why.NO_DOCUMENT)
        key = self.names.patient_key(claim.identity.ins_oid or "", claim.identity.ins or "")
        identity = await self._qualified(claim, key, kept.delivery.reading.profile)
        await self._check_local_ids(received, key, house_of(kept))
        differing = same_traits(identity, received)
        check_looked_at(claim, kept.understanding, differing)
        return Checked(
            kept=kept, received=received, key=key, identity=identity, differing=tuple(differing)
        )

    async def candidates(self, identity: PatientIdentity, house: str) -> list[Candidate]:
        """By INS, by local identifier (of that house) and by traits, who agrees most first."""
        found = [*await self.people.persons_like(identity), *await self.named(identity, house)]
        return compared(found, identity)

    async def ending(
        self, understood: Understanding, house: str, beside: Sequence[Candidate]
    ) -> list[Candidate]:
        """Who would end by a merge (MRG-1), apart from those that stand beside."""
        known = {one.person.key for one in beside}
        found = [compared(await self.named(one, house), one) for one in _ending(understood)]
        ending = {one.person.key: one for each in found for one in each}
        return [one for key, one in ending.items() if key not in known]

    async def named(self, identity: PatientIdentity, house: str) -> list[Person]:
        """By INS and by local identifier, whatever their traits."""
        own = self.names.patient_key(identity.ins_oid or "", identity.ins or "")
        near = [await self.people.person(own)] if identity.ins else []
        locals_ = [scoped(one, house) for one in identity.other_ids]
        near += [await self.people.person_by_local_id(one) for one in locals_]
        return [one for one in near if one is not None]

    async def _qualified(self, claim: Claim, key: PatientKey, profile: Profile) -> PatientIdentity:
        """The identity as the index will hold it: the traits given, else those it holds."""
        known = await self.people.person(key)
        given = [name for name in COMPARED if getattr(claim.identity, name)]
        if not given and known is None:
            raise RefusedError(
                "nobody is known under this INS: give --family --given --birth-date --sex --place"
            )
        identity = claim.identity if given or known is None else known.identity
        if known is not None:
            if known.qualified and (differing := same_traits(known.identity, identity)):
                said = f"another identity is qualified under this INS: {' '.join(differing)}"
                raise CannotBeError(said, Why.OTHER_QUALIFIED, differing)
            kept = {name: getattr(known.identity, name) for name in COMPARED if name not in given}
            kept |= {"ins": claim.identity.ins, "ins_oid": claim.identity.ins_oid}
            identity = replace(identity, **kept, other_ids=known.identity.other_ids)
        findings = identity_findings(identity, status=None, profile=profile, where=WHERE)
        for finding in findings:
            if finding.holds or finding.severity is Severity.ERROR:
                raise CannotBeError(finding.message, Why.UNSOUND, [finding.code])
        return replace(identity, traits_complete=all(getattr(identity, one) for one in NEEDED))

    async def _check_local_ids(
        self, received: PatientIdentity, key: PatientKey, house: str
    ) -> None:
        known = await self.people.person(key)
        record = known.key if known is not None else key
        for local in received.other_ids:
            person = await self.people.person_by_local_id(scoped(local, house))
            if person is not None and person.key != record:
                raise _of_another()

    async def _learn(self, claim: Claim, checked: Checked) -> None:
        """Traced in the commit that does it. Raises CannotBeError where the receipt was settled, or
        a local identifier given to another person, since it was looked at."""
        details = {
            "receipt": claim.receipt,
            "reason": claim.reason,
            "validated_by": claim.validated_by,
            "despite_differences": claim.despite_differences,
            "accepted": sorted(claim.accepted),
        }
        trace = NewTrace(
            patient=checked.key,
            action="identity",
            permitted=True,
            rule=RULE,
            kind="operator",
            actor=claim.by,
            actor_name=SUPPORT,
            door="desk",
            details=orjson.dumps(details),
        )
        identity, house = checked.identity, house_of(checked.kept)
        local_ids = checked.received.other_ids
        every = tuple(dict.fromkeys((*identity.other_ids, *local_ids)))
        change = IdentityChange(
            key=checked.key,
            identity=replace(identity, other_ids=every),
            qualified=True,
            local_ids=tuple(scoped(one, house) for one in local_ids),
        )
        if not await self.people.change_identity(change, act=trace, held=claim.receipt):
            raise await self._why_not(claim.receipt)

    async def _why_not(self, receipt: str) -> CannotBeError:
        kept = await self.again.receipt(receipt)
        return _of_another() if kept.answer.verdict is Verdict.HOLD else not_held(receipt)

    async def _file(self, checked: Checked) -> Answer:
        kept = checked.kept
        understood = attributed(kept.understanding, checked.identity, checked.differing)
        intake = structs.replace(await self.again.intake(kept, understood), released=True)
        return await self.again.journal.refile(intake)

    async def _others(self, receipt: str, checked: Checked) -> list[tuple[str, Answer]]:
        names = names_of(checked.received, self.names, house_of(checked.kept))
        waiting = [checked.key, *names]
        return await self.release.others(waiting, apart_from=receipt)


def house_of(kept: Kept) -> str:
    """Inside which a bare namespace of this receipt is an authority (`Intake.house`)."""
    sent = kept.delivery
    return sent.organization or sent.writer or sent.sender


def check_looked_at(claim: Claim, understood: Understanding, differing: list[str]) -> None:
    """Nothing that holds a receipt is passed over in silence."""
    codes = {one.code for one in understood.findings if one.holds}
    if never := sorted(codes & NEVER):
        raise CannotBeError(f"a receipt with {' '.join(never)} is never filed", Why.NEVER, never)
    if (differing or codes & DISAGREEMENTS) and not claim.despite_differences:
        raise CannotBeError(
            f"the document disagrees with this identity: {', '.join(differing or DISAGREEMENTS)}."
            " Add --despite-differences if you are sure",
            Why.DIFFERS,
            differing,
        )
    if others := sorted(codes - IDENTITY - DISAGREEMENTS - claim.accepted):
        raise CannotBeError(
            f"a person must also look at {' '.join(others)}:"
            " add --accept CODE for each, once that is done",
            Why.LOOK_AT,
            others,
        )


def _of_another() -> CannotBeError:
    return CannotBeError(
        "a local identifier of this receipt belongs to another person of the index:"
        " have its sender send the right identity (ADT)",
        Why.LOCAL_ID,
    )


def received_identity(understood: Understanding) -> PatientIdentity | None:
    """Whom the sender says it is about; None where the bytes name nobody."""
    if understood.documents:
        return understood.documents[0].patient
    return understood.message.patient if understood.message else None


def _ending(understood: Understanding) -> list[PatientIdentity]:
    """What MRG-1 names, under the traits of the survivor: they are compared with those."""
    message = understood.message
    if message is None or message.admission is None:
        return []
    return [
        replace(one.identity, ins=p.ins, ins_oid=p.ins_oid, other_ids=p.other_ids)
        for one in message.admission.subjects
        if (p := one.prior) is not None
    ]


def attributed(
    understood: Understanding, identity: PatientIdentity, differing: Sequence[str]
) -> Understanding:
    """The understanding as if its sender had qualified the identity: INS and OID are the
    operator's, and so is a trait that differs; the rest stays as it was written. Nothing holds."""
    own = {name: getattr(identity, name) for name in ("ins", "ins_oid", *differing)}
    findings = tuple(replace(one, holds=False) for one in understood.findings)
    message = understood.message
    if message is not None and message.patient is not None:
        message = structs.replace(message, patient=replace(message.patient, **own))
    return replace(
        understood,
        findings=findings,
        verdict=verdict_of(findings),
        message=message,
        documents=tuple(
            replace(one, patient=replace(one.patient, **own)) for one in understood.documents
        ),
    )

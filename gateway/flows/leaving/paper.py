"""A deletion that a person asks for on paper (VAULT DSK-07): one operator enters the signed form
and the identity paper, another one confirms; the confirmation leaves by letter.

Of a paper its kind, day and SHA-256 are kept, never the paper. The three months run from the day
on which it was entered.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from gateway.access.time import civil_date, in_force
from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.act import Permitted
from gateway.flows.desk.agent import DeskGate
from gateway.flows.identity.propose import SamePersonError, same_person
from gateway.flows.leaving.leave import write_deletion
from gateway.flows.leaving.proof import DELETION, Proof, proof_of
from gateway.flows.leaving.room import Leaving
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Person, Tie
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Decision, Reader

WAITS = timedelta(days=30)
PROPOSED, DECLINED = "deletion-proposed", "deletion-declined"
ON_PAPER = Decision(permitted=True, rule="DSK-07", because="Vous l'avez demandé sur papier.")
"""It is the person's own act, which operators enter: ACCESS gives them no deletion."""
MOST = 1_000


class IdentityPaper(StrEnum):
    CARD = "carte-identite"
    PASSPORT = "passeport"
    PERMIT = "titre-sejour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """`signed` is the day of the form; both SHA-256 in hexadecimal."""

    signed: date
    form: str
    kind: IdentityPaper
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDesk:
    gate: DeskGate
    leaving: Leaving

    async def propose(
        self, agent: Reader, patient: PatientKey, papers: Papers, reason: str
    ) -> None:
        """Nothing is asked for yet. Raises RefusedError for a space that is not closed, one whose
        deletion is asked for or proposed already, and a form of the future."""
        person, now = await self._person(patient), self.gate.clock.now()
        if person.state is not AccountState.CLOSED or person.deletion_asked_at is not None:
            raise await self.leaving.over(patient)
        if papers.signed > civil_date(now):
            raise RefusedError("the form is of a day that has not come")
        if waiting_in(person, await self.leaving.people.choices(person.key), now) is not None:
            raise RefusedError("a deletion of this space waits for a second person")
        proposed = Choice(
            kind=ChoiceKind.DELETION_PROPOSED,
            target="",
            since=now,
            until=now + WAITS,
            by=agent.id or "",
        )
        said = {
            "reason": reason,
            "signed": papers.signed.isoformat(),
            "form": papers.form,
            "paper": papers.kind,
            "identity": papers.identity,
        }
        act = self.gate.trace(agent, ON_PAPER, traced_as=PROPOSED, patient=person.key, said=said)
        await self.leaving.people.choose(person.key, proposed, act=act)

    async def waiting(self) -> list[Tie]:
        """Oldest first."""
        return await self.leaving.departures.proposed(self.gate.clock.now(), limit=MOST)

    async def one(self, patient: PatientKey) -> Tie:
        """Raises DeniedError where nothing of this person waits."""
        found = next((one for one in await self.waiting() if one.patient == patient), None)
        if found is None:
            raise DeniedError(NOT_THERE)
        return found

    async def confirm(self, agent: Reader, patient: PatientKey) -> Proof:
        """Raises SamePersonError for who entered it, DeniedError, OverError."""
        proposed = (await self.one(patient)).choice
        if same_person(proposed.by, agent.id or ""):
            raise SamePersonError("a second person confirms: this is who entered it")
        gate = await self.leaving.asking.gate(agent, patient)
        proof = proof_of(DELETION, gate.patient, proposed.since)
        return await write_deletion(
            self.leaving,
            Permitted(gate=gate, decision=ON_PAPER),
            proof,
            proposed=proposed,
            said={"entered_by": proposed.by},
        )

    async def decline(self, agent: Reader, patient: PatientKey) -> None:
        """Nothing is asked for. Raises DeniedError."""
        proposed, now = (await self.one(patient)).choice, self.gate.clock.now()
        act = self.gate.trace(agent, ON_PAPER, traced_as=DECLINED, patient=patient)
        ended = replace(proposed, since=now, until=now)
        await self.leaving.people.choose(patient, ended, act=act)

    async def _person(self, patient: PatientKey) -> Person:
        person = await self.leaving.people.person(patient)
        if person is None:
            raise DeniedError(NOT_THERE)
        return person


def waiting_in(person: Person, choices: Iterable[Choice], now: datetime) -> Choice | None:
    """The one that waits for a second person; of an earlier closing none does."""
    found = [
        one
        for one in choices
        if one.kind is ChoiceKind.DELETION_PROPOSED
        and in_force(one.since, one.until, now)
        and (person.closed_at is None or person.closed_at <= one.since)
    ]
    return found[-1] if found else None

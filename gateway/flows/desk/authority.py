"""The 3422 records who stands for whom, on papers, and a second agent confirms (VAULT DSK-06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.errors import DeniedError
from gateway.flows.desk.agent import DeskGate
from gateway.flows.family.recording import RULE, Authority, Paper, RecordAuthority, Waiting, Who
from gateway.flows.leaving.lookup import NobodyError, name_of
from gateway.flows.leaving.proof import reference_of
from gateway.flows.leaving.room import Leaving
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Decision, Reader
from gateway.records.words import fold

ON_PAPER = Decision(permitted=True, rule=RULE, because="Un papier le dit, et deux agents l'ont lu.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A representative as the caller and the paper name him: NIR, birth name and birth date."""

    nir: str
    family: str
    born: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityDesk:
    gate: DeskGate
    leaving: Leaving
    record: RecordAuthority

    async def propose(
        self,
        agent: Reader,
        patient: PatientKey,
        authority: Authority,
        named: Named,
        paper: Paper,
        reason: str,
    ) -> None:
        """Raises NobodyError where no person is all three of `named`, RefusedError."""
        person = await self.leaving.entrance.person(named.nir)
        if person is None or not (
            fold(person.identity.birth_family or "") == fold(named.family)
            and person.identity.birth_date == named.born.isoformat()
        ):
            raise NobodyError(several=False)
        who = self._who(agent)
        await self.record.propose(patient, authority, person.key, paper, who, reason=reason)

    async def withdraw(
        self, agent: Reader, patient: PatientKey, whose: PatientKey, paper: Paper, reason: str
    ) -> None:
        """Raises RefusedError."""
        who = self._who(agent)
        await self.record.propose(patient, Authority.WITHDRAWN, whose, paper, who, reason=reason)

    async def waiting(self) -> list[Waiting]:
        """Oldest first."""
        return await self.record.waiting()

    async def one(self, reference: str) -> Waiting:
        """Raises DeniedError where nothing of this reference waits."""
        found = (one for one in await self.waiting() if address_of(one) == reference)
        waiting = next(found, None)
        if waiting is None:
            raise DeniedError(NOT_THERE)
        return waiting

    async def names(self, waiting: Waiting) -> tuple[str, str]:
        """Of whom the record is, and who would stand for that person, or no longer."""
        people = self.leaving.people
        both = [await people.person(one) for one in (waiting.patient, waiting.whose)]
        of, whose = (name_of(one.identity) if one else "" for one in both)
        return of, whose

    async def confirm(self, agent: Reader, reference: str) -> None:
        """Raises DeniedError, SamePersonError for who entered it, RefusedError."""
        one = await self.one(reference)
        await self.record.confirm(one.patient, one.authority, one.whose, self._who(agent))

    async def decline(self, agent: Reader, reference: str) -> None:
        """Raises DeniedError, RefusedError."""
        await self.record.decline(await self.one(reference), self._who(agent))

    def _who(self, agent: Reader) -> Who:
        def entry(patient: PatientKey, act: str, said: Mapping[str, object]) -> NewTrace:
            return self.gate.trace(agent, ON_PAPER, traced_as=act, patient=patient, said=said)

        return Who(by=agent.id or "", entry=entry)


def reference_of_authority(one: Waiting) -> str:
    """« K7MP 3XQA », which names nobody."""
    act = f"{one.choice.kind.value}\x00{one.choice.target}"
    return reference_of(act, one.patient, one.choice.since)


def address_of(one: Waiting) -> str:
    """The same without a blank, in an address."""
    return reference_of_authority(one).replace(" ", "")

"""What every verb of leaving is handed, and what they share: a decision, its entry, its notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.choices.act import Permitted
from gateway.flows.entering.entrance import Entrance
from gateway.flows.leaving.proof import Proof
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.trace import trace_of
from gateway.ports.people.leaving import Departures
from gateway.ports.people.people import People
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.leaving import deletion_due
from gateway.records.patients.patient import PatientKey

NOTHING_SAID: Mapping[str, object] = {}


class OverError(RefusedError):
    """The space is in no state for this any more: nothing was done. `due` is by when its deletion,
    which has begun, is done."""

    def __init__(self, person: Person | None) -> None:
        super().__init__("The space is in no state for this.")
        self.state = person.state if person else None
        self.due: datetime | None = None
        if person and person.state is AccountState.ERASING and person.deletion_asked_at:
            self.due = deletion_due(person.deletion_asked_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    entrance: Entrance
    departures: Departures

    @property
    def asking(self) -> Asking:
        return self.entrance.asking

    @property
    def people(self) -> People:
        return self.asking.people

    @property
    def clock(self) -> Clock:
        return self.entrance.clock

    async def over(self, patient: PatientKey) -> OverError:
        return OverError(await self.people.person(patient))

    def entry(
        self,
        permitted: Permitted,
        proof: Proof,
        said: Mapping[str, object] = NOTHING_SAID,
        *,
        act: str = "",
    ) -> NewTrace:
        """With the reference that the person was given."""
        return trace_of(
            permitted.gate,
            permitted.decision,
            action=act or proof.act,
            door=self.asking.door,
            said={"reference": proof.reference, **said},
        )

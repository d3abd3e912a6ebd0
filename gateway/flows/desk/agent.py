"""An operator as a reader of ACCESS, and what the log keeps of him: his number, never his name."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from gateway.access.decide import decide
from gateway.access.grid import Grid
from gateway.clock import Clock
from gateway.errors import DeniedError, RefusedError
from gateway.flows.identity.qualify import SUPPORT
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.ports.people.people import Traces
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Circumstances,
    Decision,
    DocumentFacts,
    Reader,
    ReaderKind,
    RecordFacts,
)
from gateway.records.readers.operator import Operator
from gateway.records.readers.switches import Switches

DOOR = "desk"
RULE = "DSK-01"
"""By which of our rules a role may act on what is no record: ACCESS speaks of records."""
BY_ROLE = Decision(permitted=True, rule=RULE, because="")


def agent_reader(operator: Operator, *, address: str = "") -> Reader:
    return Reader(
        kind=ReaderKind.OPERATOR, id=operator.number, name=SUPPORT, door=DOOR, address=address
    )


def auditor_reader(operator: Operator, *, address: str = "") -> Reader:
    return Reader(
        kind=ReaderKind.AUDITOR, id=operator.number, name="Auditeur", door=DOOR, address=address
    )


def entry_of(
    reader: Reader,
    action: str,
    said: Mapping[str, object],
    *,
    by: Decision,
    patient: PatientKey = DESK,
) -> NewTrace:
    """The entry of the log about what somebody of the desk did, or was refused.

    `said` is what the holder of the record may read too; `patient` is the desk itself where the act
    is on no record.
    """
    return NewTrace(
        patient=patient,
        action=action,
        permitted=by.permitted,
        rule=by.rule,
        kind=reader.kind,
        actor=reader.id or "",
        actor_name=reader.name,
        door=reader.door or DOOR,
        address=reader.address,
        details=orjson.dumps(said),
    )


def act_of(agent: Reader, action: str, said: Mapping[str, object]) -> NewTrace:
    """An act on what is no record, for the commit that does it; raises RefusedError for nobody."""
    if not agent.id:
        raise RefusedError("who acts at the desk has a number")
    return entry_of(agent, action, said, by=BY_ROLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskGate:
    """Every decision about somebody of the desk, and its trace."""

    traces: Traces
    clock: Clock
    grid: Grid
    switches: Switches

    def may(
        self,
        reader: Reader,
        action: AccessAction,
        document: DocumentFacts | None,
        record: RecordFacts,
        circumstances: Circumstances = NORMAL,
    ) -> Decision:
        return decide(
            reader,
            action,
            document,
            record,
            circumstances,
            self.switches,
            self.grid,
            self.clock.now(),
        )

    async def demand(
        self,
        reader: Reader,
        decision: Decision,
        *,
        traced_as: str,
        patient: PatientKey = DESK,
        said: Mapping[str, object] | None = None,
    ) -> None:
        """Traces the act, permitted or not; raises DeniedError unless it is permitted."""
        trace = self.trace(reader, decision, traced_as=traced_as, patient=patient, said=said)
        await self.traces.write([trace])
        if not decision.permitted:
            raise DeniedError(NOT_THERE)

    def trace(
        self,
        reader: Reader,
        decision: Decision,
        *,
        traced_as: str,
        patient: PatientKey = DESK,
        said: Mapping[str, object] | None = None,
    ) -> NewTrace:
        """For what must be traced in the commit that does it."""
        about = {"grid": self.grid.digest[:16], **(said or {})}
        return entry_of(reader, traced_as, about, by=decision, patient=patient)

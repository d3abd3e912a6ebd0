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
from gateway.flows.signing_in.desk_signin import DESK
from gateway.ports.people.people import Traces
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Circumstances,
    Decision,
    DocumentFacts,
    Reader,
    ReaderKind,
    RecordFacts,
    Switches,
)
from gateway.records.readers.operator import Operator

DOOR = "desk"
RULE = "DSK-01"
"""By which of our rules a role may act on what is no record: ACCESS speaks of records."""


def agent_reader(operator: Operator, *, address: str = "") -> Reader:
    return Reader(
        kind=ReaderKind.OPERATOR, id=operator.number, name=SUPPORT, door=DOOR, address=address
    )


def auditor_reader(operator: Operator, *, address: str = "") -> Reader:
    return Reader(
        kind=ReaderKind.AUDITOR, id=operator.number, name="Auditeur", door=DOOR, address=address
    )


def act_of(agent: Reader, action: str, details: Mapping[str, object]) -> NewTrace:
    """The entry of the desk's log about what somebody did; raises RefusedError for nobody."""
    if not agent.id:
        raise RefusedError("who acts at the desk has a number")
    return NewTrace(
        patient=DESK,
        action=action,
        permitted=True,
        rule=RULE,
        kind=agent.kind,
        actor=agent.id,
        actor_name=agent.name,
        door=agent.door or DOOR,
        address=agent.address,
        details=orjson.dumps(details),
    )


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
        kept: Mapping[str, object] | None = None,
    ) -> None:
        """Traces the act, permitted or not; raises DeniedError unless it is permitted."""
        trace = self.trace(
            reader, decision, traced_as=traced_as, patient=patient, said=said, kept=kept
        )
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
        kept: Mapping[str, object] | None = None,
    ) -> NewTrace:
        """For what must be traced in the commit that does it."""
        return NewTrace(
            patient=patient,
            action=traced_as,
            permitted=decision.permitted,
            rule=decision.rule,
            kind=reader.kind,
            actor=reader.id or "",
            actor_name=reader.name,
            door=DOOR,
            address=reader.address,
            details=orjson.dumps({"grid": self.grid.digest[:16], **(said or {})}),
            kept=orjson.dumps(kept) if kept else b"",
        )

"""One choice: asked of `access.decide`, written with its trace, in force on the next call.

A choice that ends another of its kind and target is the same fact with an empty period: what
was in force ends at `since`, and nothing follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, AccessAction, Decision, Manage, Reader
from gateway.records.task import NewTask

NOTHING_MORE: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """A decision of `manage` that says yes, before its fact is written."""

    gate: Gate
    decision: Decision

    @property
    def now(self) -> datetime:
        return self.gate.now


@dataclass(frozen=True, slots=True)
class Fact:
    """What is written; `holds` false ends it, `said` stands in place of the name of who chose."""

    kind: ChoiceKind
    target: str
    holds: bool = True
    until: datetime | None = None
    said: str | None = None
    scopes: tuple[str, ...] = ()
    giver: str = ""
    ending: datetime | None = None


async def may_manage(
    asking: Asking, reader: Reader, patient: PatientKey, what: Manage, *, target: str | None = None
) -> Permitted:
    """Raises DeniedError, traced, where ACCESS refuses."""
    circumstances = replace(NORMAL, manage=what, target=target)
    gate = await asking.gate(reader, patient, circumstances=circumstances, attempt=what)
    decision = gate.may(AccessAction.MANAGE, None)
    if not decision.permitted:
        await asking.traces.write([trace_of(gate, decision, action=what, door=asking.door)])
        raise DeniedError(NOT_THERE)
    return Permitted(gate=gate, decision=decision)


async def write(
    asking: Asking,
    permitted: Permitted,
    fact: Fact,
    *more: Fact,
    act: str,
    then: Sequence[NewTask] = (),
    said: Mapping[str, object] = NOTHING_MORE,
) -> None:
    """The facts of one act, each with its entry in the log, and what follows from them, in one
    commit. `act` is the trace's word for it, `said` what else it tells."""
    gate = permitted.gate
    choice, *also = (_choice(permitted, one) for one in (fact, *more))
    seen = {"kind": fact.kind.value, "target": fact.target, "holds": fact.holds, **said}
    trace = trace_of(gate, permitted.decision, action=act, door=asking.door, said=seen)
    await asking.people.choose(gate.patient, choice, act=trace, then=then, also=also)


def _choice(permitted: Permitted, fact: Fact) -> Choice:
    reader, now = permitted.gate.reader, permitted.now
    return Choice(
        kind=fact.kind,
        target=fact.target,
        since=now,
        until=fact.until if fact.holds else now,
        by=fact.said or reader.name or reader.id or "",
        scopes=fact.scopes,
        giver=fact.giver,
        ending=fact.ending,
    )


def stands(since: datetime, until: datetime | None) -> dict[str, str | None]:
    """A period as the log tells it."""
    return {"since": since.isoformat(), "until": until.isoformat() if until else None}

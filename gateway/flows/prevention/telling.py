"""Who is told when (VAULT AGE-07): a chore that looks at each person when something opens.

What was looked at up to when is written with what is told, in one commit: a process that dies, or
another node, tells nobody twice. A person is looked at at the next moment of a line, and once a
month; so the cost follows what there is to tell, not how many people there are.
"""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import orjson
import structlog

from gateway.access.time import civil_date
from gateway.clock import Clock
from gateway.errors import DeniedError
from gateway.flows.prevention.listing import ListPrevention
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.sending.notices.words import PREVENTION
from gateway.mapping.prevention.examinations.lines import Line
from gateway.mapping.prevention.examinations.told import due_between, is_hour, next_look
from gateway.ports.prevention import Preventions
from gateway.records.duration import PARIS
from gateway.records.notices import EXAMINATION, PREVENTION_DUE
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.prevention import LookedAt
from gateway.records.readers.access import Account
from gateway.records.task import NewTask, TaskKind

log = structlog.get_logger()
NEW_AT_ONCE, AT_ONCE, STEPS_A_RING = 1_000, 100, 10
"""How many people are begun with, read at once, and how often that a ring."""
AGAIN = timedelta(days=1)
"""When who could not be read is looked at again."""
RULE = "AGE-07"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPrevention:
    list: ListPrevention
    preventions: Preventions
    clock: Clock

    async def __call__(self) -> int:
        """How many people it looked at. Nobody is told by night; what falls due then is told in
        the morning."""
        now = self.clock.now()
        midnight = datetime.combine(civil_date(now), time(), PARIS)
        await self.preventions.begin(since=midnight, limit=NEW_AT_ONCE)
        count = 0
        for _ in range(STEPS_A_RING if is_hour(now) else 0):
            some = await self.preventions.due(at=now, limit=AT_ONCE)
            for one in some:
                await self._tried(one, now)
            count += len(some)
            if len(some) < AT_ONCE:
                break
        return count

    async def _tried(self, one: LookedAt, now: datetime) -> None:
        """A record that cannot be read keeps nobody else from their turn."""
        try:
            await self._look(one, now)
        except Exception:
            log.exception("prevention.unreadable", name=one.patient.hex())
            await self.preventions.looked(one, at=one.looked_at, due_at=now + AGAIN)

    async def _look(self, one: LookedAt, now: datetime) -> None:
        """None of a space that is not active, or joined another (AGE-07)."""
        asking = self.list.asking
        try:
            gate = await asking.gate(patient_reader(one.patient), one.patient)
        except DeniedError:
            await self.preventions.leave(one.patient)
            return
        if gate.patient != one.patient or gate.record.account is not Account.ACTIVE:
            await self.preventions.leave(one.patient)
            return
        found = await self.list.of(gate)
        lines = found.lines or ()
        due = [
            line
            for line in due_between(lines, one.looked_at, now)
            if line.id not in found.proposals
        ]
        await self.preventions.looked(
            one,
            at=now,
            due_at=next_look(lines, now),
            acts=[_act(one.patient, line) for line in due],
            then=[_notice(one.patient, now) for _ in due],
        )


def _act(patient: PatientKey, line: Line) -> NewTrace:
    """The notice in the space: it names the line, which nothing does that leaves (NOT-02)."""
    return NewTrace(
        patient=patient,
        action=PREVENTION_DUE,
        permitted=True,
        rule=RULE,
        kind="system",
        actor="",
        actor_name="Mon espace santé",
        door="",
        details=orjson.dumps({EXAMINATION: line.rule}),
    )


def _notice(patient: PatientKey, now: datetime) -> NewTask:
    return NewTask(
        kind=TaskKind.NOTICE,
        subject=PREVENTION,
        due_at=now,
        patient=patient,
        payload=json.dumps({"notice": PREVENTION}).encode(),
    )

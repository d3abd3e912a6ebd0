"""What came of a notice with several addressees, and what of it is tried again."""

import json
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from gateway.errors import DeferredError
from gateway.flows.sending.notices.words import NEW_MESSAGE
from gateway.flows.sending.outcome import Outcome
from gateway.records.days import day_of
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NoticeKind, Reader
from gateway.records.task import NewTask, Task

CAME = frozenset({NoticeKind.NEW_DOCUMENT.value, NoticeKind.CHANGED_DOCUMENT.value, NEW_MESSAGE})
SENT, GROUPED, TURNED_OFF, NO_CONTACT = "sent", "grouped", "turned-off", "no-contact"
NOTIFIED = "notified"
RANK = (SENT, GROUPED, TURNED_OFF, NO_CONTACT)
"""Of a task with several addressees, the best of what came of it."""
LEFT, DAY = "left", "day"
"""In the payload: to whom alone, as of what is tried again; the day that it speaks of."""


@dataclass(slots=True)
class End:
    """What came of one task: `words` begin as why its first addressee is not told, if so."""

    words: str
    why: DeferredError | None = None
    left: list[str] = field(default_factory=list)

    def reached(self, words: str) -> None:
        """Told is better than not; of two refusals the patient's own stays."""
        rank = {outcome: place for place, outcome in enumerate(RANK)}
        self.words = min(self.words, words, key=lambda one: rank.get(one, len(RANK)))

    def missed(self, reader: Reader, why: DeferredError) -> None:
        self.why = why
        self.left.append(reader.id or "")

    def of(self, task: Task, due_at: datetime) -> str | Outcome | DeferredError:
        if self.why is None:
            return self.words
        if self.words not in RANK:
            return self.why
        return Outcome(words=self.words, then=(_rest(task, self.left, due_at),))


def _rest(task: Task, left: list[str], due_at: datetime) -> NewTask:
    """The same notice for those it did not reach; of a document with the day when it came."""
    payload = json.loads(task.payload)
    day = {DAY: day_of(task.happened_at)} if payload["notice"] in CAME else {}
    return NewTask(
        kind=task.kind,
        subject=task.subject,
        due_at=due_at,
        patient=task.patient,
        payload=json.dumps(day | payload | {LEFT: left}).encode(),
    )


def notified(patient: PatientKey, reader: Reader, notice: str, outcome: str) -> NewTrace:
    """Its entry in the log: what of it left, never the words."""
    return NewTrace(
        patient=patient,
        action=NOTIFIED,
        permitted=True,
        rule=outcome,
        kind="system",
        actor=patient.hex(),
        actor_name="",
        door="outbox",
        details=orjson.dumps({"notice": notice, "outcome": outcome, "to": reader.kind}),
    )

"""Notify: a patient is told; the decision is asked again at the second it leaves, and traced.

What leaves holds the kind of event and nothing more (VAULT NOT-02); what was sent, or why not, is
an entry of the log with the name of the template, never the words.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from gateway.clock import Clock
from gateway.errors import DeferredError
from gateway.flows.reading.decided.facts import latest_day, patient_reader
from gateway.flows.sending.notices.addressees import (
    addressees,
    letter_to,
    place_of,
    places_of,
)
from gateway.flows.sending.notices.end import (
    CAME,
    DAY,
    GROUPED,
    LEFT,
    NO_CONTACT,
    SENT,
    TURNED_OFF,
    End,
    notified,
)
from gateway.flows.sending.notices.grouping import one_message_each
from gateway.flows.sending.notices.leaving import (
    LETTER,
    OF_LEAVING,
    SUBJECTS,
    leaving_body,
    place_said,
)
from gateway.flows.sending.notices.words import (
    CAME_OF_AGE,
    COMES_OF_AGE,
    OF_ONE,
    OF_SERVICES,
    body_of,
    subject_of,
)
from gateway.flows.sending.outcome import Outcome, Told
from gateway.flows.sending.retry import NOTICE_RETRY
from gateway.ports.documents.shelf import Shelf
from gateway.ports.people.people import People, Traces
from gateway.ports.tasks import Outbox
from gateway.records.days import day_of
from gateway.records.documents.shelved import Shelved
from gateway.records.notices import notice_named
from gateway.records.patients.account import AccountState, Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NoticeKind, Reader, ReaderKind
from gateway.records.task import NewTask, Task, TaskKind

log = structlog.get_logger()

MayNotify = Callable[[Shelved, str, Reader], Awaitable[bool]]
"""Asks `access.decide` for action `notify` with this notice of a document, now, to whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a notice of an access is about: by which professional, to which one document if any."""

    notice: str
    actor: str
    document: str | None = None


MayHear = Callable[[PatientKey, str, Reader], Awaitable[bool]]
"""The same of what is no document: whose record, its id, to whom."""

MayTell = Callable[[PatientKey, Access, Reader], Awaitable[bool]]
"""The same of a notice of an access: whose record, which access, to whom."""
OF_ACCESS = frozenset({NoticeKind.ACCESS.value, NoticeKind.EMERGENCY_ACCESS.value})
GONE = "gone"
UNTIL = "until"
"""In the payload: the instant from which on it is told nobody any more."""
BY_LETTER = frozenset({COMES_OF_AGE, CAME_OF_AGE})
"""What is written to who has no address of their own here (VAULT REP-10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """At most one message a kind and quarter of an hour, with a count (VAULT NOT-04); an
    emergency alone and at once."""

    people: People
    shelf: Shelf
    traces: Traces
    outbox: Outbox
    clock: Clock
    may_notify: MayNotify
    may_tell: MayTell
    may_hear: Mapping[str, MayHear]
    """By the notice: of a message, of what an agenda holds."""

    async def carry(self, tasks: list[Task]) -> list[str | Outcome | DeferredError]:
        """NOTICE tasks that are due together; no title and no name leaves (VAULT NOT-02).

        What fails is tried again alone: what left would leave a second time. An Outcome bears
        the task of whom the message did not reach while it reached another.
        """
        outcomes: list[str | Outcome | DeferredError] = [""] * len(tasks)
        for indexes in one_message_each(tasks):
            told = await self._tried([tasks[index] for index in indexes])
            for index, outcome in zip(indexes, told, strict=True):
                outcomes[index] = outcome
        return outcomes

    async def _tried(self, tasks: list[Task]) -> Told:
        try:
            return await self._together(tasks)
        except Exception as error:  # noqa: BLE001 - told in the log, and tried again
            return [_why(error, tasks)] * len(tasks)

    async def _together(self, tasks: list[Task]) -> Told:
        """One message to each who may be told: all are asked before anybody is told, for telling
        makes a professional known (ACCESS F32)."""
        readers = [one for one in await self._addressees(tasks[0]) if await self._lives(one)]
        asked = [[await self._refusal(task, reader) for task in tasks] for reader in readers]
        ends = [End(words) for words in (asked[0] if asked else [GONE] * len(tasks))]
        is_first = LEFT not in json.loads(tasks[0].payload)
        for reader, refusals in zip(readers, asked, strict=True):
            left = [place for place, refusal in enumerate(refusals) if not refusal]
            if not left:
                continue
            try:
                outcome = await self._tell(tasks[left[0]], reader, len(left), is_first=is_first)
            except Exception as error:  # noqa: BLE001 - told in the log, and tried again
                why = _why(error, tasks)
                for place in left:
                    ends[place].missed(reader, why)
                continue
            is_first = False
            for place in left:
                ends[place].reached(GROUPED if outcome == SENT and place != left[0] else outcome)
        due_at = self.clock.now() + NOTICE_RETRY.first
        return [end.of(task, due_at) for end, task in zip(ends, tasks, strict=True)]

    async def _addressees(self, task: Task) -> list[Reader]:
        """What a sharing changes concerns one person, as do events of an account; anything else
        the record's, or whom of them it did not reach."""
        patient, payload = task.patient, json.loads(task.payload)
        if patient is None:
            return [Reader(kind=ReaderKind.PATIENT)]
        if payload["notice"] in OF_ONE:
            return [patient_reader(patient)]
        person, choices = await self.people.person(patient), await self.people.choices(patient)
        birth = latest_day(person.identity.birth_date if person else None)
        record = person.key if person else patient  # what its own joined since
        found = addressees(record, choices, self.clock.now(), birth=birth)
        return [one for one in found if LEFT not in payload or one.id in payload[LEFT]]

    async def _lives(self, reader: Reader) -> bool:
        """Nobody is told in the name of a dead person (VAULT DSK-10)."""
        person = await self.people.person(PatientKey(bytes.fromhex(reader.id or "")))
        return person is None or not person.deceased

    async def _refusal(self, task: Task, reader: Reader) -> str:
        """Why this makes no notice for this addressee now; "" when it does."""
        payload = json.loads(task.payload)
        notice = payload["notice"]
        if notice in OF_ONE or notice in OF_LEAVING or notice in OF_SERVICES:
            return ""
        if notice in BY_LETTER:
            return await self._of_majority(task, notice)
        if notice in OF_ACCESS or notice in self.may_hear:
            return await self._of_no_document(task, payload, reader)
        shelved = await self.shelf.find(task.subject)
        if shelved is None:
            return GONE
        told_then = shelved.card.announced_at is not None and "announced" not in payload
        if notice == NoticeKind.OPENED and told_then:
            return "announced"  # not a second time when the month is over
        return "" if await self.may_notify(shelved, notice, reader) else "not-allowed"

    async def _of_no_document(self, task: Task, payload: dict[str, Any], reader: Reader) -> str:
        if task.patient is None:
            return GONE
        may_hear = self.may_hear.get(payload["notice"])
        if may_hear is not None:
            allowed = await may_hear(task.patient, task.subject, reader)
        else:
            allowed = await self.may_tell(task.patient, _access(payload), reader)
        return "" if allowed else "not-allowed"

    async def _of_majority(self, task: Task, notice: str) -> str:
        """A parent is told nothing once the child is an adult, and nobody is invited to what they
        have activated, or closed, since."""
        person = await self.people.person(task.patient) if task.patient else None
        if person is None:
            return GONE
        if notice == CAME_OF_AGE:
            return "" if person.state is AccountState.CREATED else "not-needed"
        until = datetime.fromisoformat(json.loads(task.payload)[UNTIL])
        return "" if self.clock.now() < until else "too-late"

    async def _tell(self, task: Task, reader: Reader, count: int, *, is_first: bool) -> str:
        payload = json.loads(task.payload)
        if payload["notice"] in OF_LEAVING:
            outcome = await self._send_of_leaving(reader, payload)
        else:
            day = payload.get(DAY) or self._day_of(task)
            outcome = await self._send(reader, payload["notice"], count, day)
        if task.patient is None:
            return outcome
        trace = notified(task.patient, reader, payload["notice"], outcome)
        if payload["notice"] == NoticeKind.ACCESS and is_first:
            known = Choice(
                kind=ChoiceKind.KNOWN_READER, target=payload["actor"], since=self.clock.now()
            )
            await self.people.choose(task.patient, known, act=trace)
        else:
            await self.traces.write([trace])
        return outcome

    def _day_of(self, task: Task) -> str:
        """Of a document when it came, whenever the message leaves; what a date opens, today."""
        came = json.loads(task.payload)["notice"] in CAME
        return day_of(task.happened_at if came else self.clock.now())

    async def _send(self, reader: Reader, notice: str, count: int, day: str) -> str:
        if not reader.id:
            return NO_CONTACT
        person = PatientKey(bytes.fromhex(reader.id))
        places = await places_of(self.people, person, notice_named(notice), self.clock.now())
        if places is None:
            return TURNED_OFF
        if not places and notice in BY_LETTER and reader.kind is ReaderKind.PATIENT:
            letter = await letter_to(self.people, person)
            places = [letter] if letter else []
        for channel, to in places:
            await self.outbox.send(
                channel=channel,
                to=to,
                template=notice,
                lang="fr",
                subject=subject_of(notice, count),
                body=body_of(reader, notice, count, day),
            )
        return SENT if places else NO_CONTACT

    async def _send_of_leaving(self, reader: Reader, payload: dict[str, Any]) -> str:
        person = PatientKey(bytes.fromhex(reader.id or ""))
        own, notice = reader.kind is ReaderKind.PATIENT, payload["notice"]
        place = place_said(payload, reader)
        if own and payload.get(LETTER):
            place = await letter_to(self.people, person)
        place = place or await place_of(self.people, person, by_letter=own)
        if place is None:
            return NO_CONTACT
        await self.outbox.send(
            channel=place[0],
            to=place[1],
            template=notice,
            lang="fr",
            subject=SUBJECTS[notice],
            body=leaving_body(reader, payload),
        )
        return SENT


def notice_of(notice: str, patient: PatientKey, now: datetime) -> NewTask:
    """What one person is told without delay (OF_ONE)."""
    return NewTask(
        kind=TaskKind.NOTICE,
        subject=notice,
        due_at=now,
        patient=patient,
        payload=json.dumps({"notice": notice}).encode(),
    )


def _access(payload: dict[str, Any]) -> Access:
    """To have told one makes the professional known (F32): by that the others are not asked."""
    actor = "" if LEFT in payload else payload["actor"]
    return Access(notice=payload["notice"], actor=actor, document=payload.get("document"))


def _why(error: Exception, tasks: list[Task]) -> DeferredError:
    """A bug of ours is logged, and keeps these tasks but no others waiting."""
    if isinstance(error, DeferredError):
        return error
    log.error("tasks.failed", kind=tasks[0].kind.value, count=len(tasks), exc_info=error)
    return DeferredError("internal error")

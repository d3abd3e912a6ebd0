"""Notify: a patient is told; the decision is asked again at the second it leaves, and traced.

What leaves holds the kind of event and nothing more (VAULT NOT-02); what was sent, or why not, is
an entry of the log with the name of the template, never the words.
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import orjson

from gateway.clock import Clock
from gateway.flows.reading.facts import patient_reader
from gateway.flows.sending.addressees import addressees
from gateway.ports.people import People, Traces
from gateway.ports.shelf import Shelf
from gateway.ports.tasks import Outbox
from gateway.records.access import NoticeKind, Reader, ReaderKind
from gateway.records.account import Choice, ChoiceKind, NewTrace
from gateway.records.filing import Shelved
from gateway.records.patient import PatientKey
from gateway.records.task import Task

MayNotify = Callable[[Shelved, str, Reader], Awaitable[bool]]
"""Asks `access.decide` for action `notify` with this notice of a document, now, to whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a notice of an access is about: by which professional, to which one document if any."""

    notice: str
    actor: str
    document: str | None = None


MayTell = Callable[[PatientKey, Access, Reader], Awaitable[bool]]
"""The same of a notice of an access: whose record, which access, to whom."""

SUBJECTS = {
    "new_document": "De nouveaux documents sont dans Mon espace santé",
    "changed_document": "Des documents ont été modifiés dans Mon espace santé",
    "access": "Un professionnel a consulté Mon espace santé",
    "emergency_access": "Mon espace santé a été consulté en urgence",
    "sharing": "Un accès à un profil a changé dans Mon espace santé",
    "waiting": "Un professionnel de santé souhaite vous parler",
    "opened": "De nouveaux documents sont visibles dans Mon espace santé",
}
OF_ACCESS = frozenset({NoticeKind.ACCESS.value, NoticeKind.EMERGENCY_ACCESS.value})
DOCUMENTS = "{count} depuis le dernier message. "
ACCESSES = {
    "access": "Un professionnel de santé a consulté votre espace pour la première fois. ",
    "emergency_access": "Un professionnel de santé a consulté votre espace en urgence. ",
}
BODY = "Connectez-vous à Mon espace santé pour les consulter. Ce message ne contient aucun détail."
BODY_OF_ACCESS = (
    "Pour savoir qui et pourquoi, connectez-vous à Mon espace santé en tapant l'adresse habituelle."
    " Ce message ne contient aucun détail. Besoin d'aide ? 3422"
)
BODY_OF_SHARING = (
    "Une invitation, une réponse ou une fin d'accès vous concerne. Pour la lire, connectez-vous à"
    " Mon espace santé en tapant l'adresse habituelle. Ce message ne contient aucun détail."
    " Besoin d'aide ? 3422"
)
YOURS, MANAGED = "votre espace", "un profil que vous gérez"
OF_MANAGED = "Ce message concerne un profil que vous gérez. "
SHARING = "sharing"
SENT, GROUPED, NO_CONTACT = "sent", "grouped", "no-contact"
RANK = (SENT, GROUPED, NO_CONTACT)
"""Of a task with several addressees, the best of what came of it."""
BODY_OF_WAITING = (
    "Un professionnel de santé souhaite vous parler avant que vous lisiez une nouvelle information."
    " Prenez rendez-vous avec un professionnel de santé qui vous suit."
    " Ce message ne contient aucun détail. Besoin d'aide ? 3422"
)
NOTIFIED = "notified"


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

    async def carry(self, tasks: list[Task]) -> list[str]:
        """NOTICE tasks that are due together; no title and no name leaves (VAULT NOT-02)."""
        outcomes = [""] * len(tasks)
        for indexes in _together(tasks):
            told = await self._together([tasks[index] for index in indexes])
            for index, outcome in zip(indexes, told, strict=True):
                outcomes[index] = outcome
        return outcomes

    async def _together(self, tasks: list[Task]) -> list[str]:
        """One message to each who may be told: all are asked before anybody is told, for telling
        makes a professional known (ACCESS F32)."""
        readers = await self._addressees(tasks[0])
        asked = [[await self._refusal(task, reader) for task in tasks] for reader in readers]
        outcomes, is_first = list(asked[0]), True
        for reader, refusals in zip(readers, asked, strict=True):
            left = [place for place, refusal in enumerate(refusals) if not refusal]
            if not left:
                continue
            outcome = await self._tell(tasks[left[0]], reader, len(left), is_first=is_first)
            is_first = False
            for place in left:
                own = GROUPED if outcome == SENT and place != left[0] else outcome
                outcomes[place] = _better(outcomes[place], own)
        return outcomes

    async def _addressees(self, task: Task) -> list[Reader]:
        """What a sharing changes concerns one person; anything else the record's."""
        patient = task.patient
        if patient is None:
            return [Reader(kind=ReaderKind.PATIENT)]
        if json.loads(task.payload)["notice"] == SHARING:
            return [patient_reader(patient)]
        return addressees(patient, await self.people.choices(patient), self.clock.now())

    async def _refusal(self, task: Task, reader: Reader) -> str:
        """Why this makes no notice for this addressee now; "" when it does."""
        payload = json.loads(task.payload)
        notice = payload["notice"]
        if notice == SHARING:
            return ""
        if notice in OF_ACCESS:
            if task.patient is None:
                return "gone"
            allowed = await self.may_tell(task.patient, Access(**payload), reader)
            return "" if allowed else "not-allowed"
        shelved = await self.shelf.find(task.subject)
        if shelved is None:
            return "gone"
        told_then = shelved.card.announced_at is not None and "announced" not in payload
        if notice == NoticeKind.OPENED and told_then:
            return "announced"  # not a second time when the month is over
        return "" if await self.may_notify(shelved, notice, reader) else "not-allowed"

    async def _tell(self, task: Task, reader: Reader, count: int, *, is_first: bool) -> str:
        payload = json.loads(task.payload)
        outcome = await self._send(reader, payload["notice"], count)
        if task.patient is None:
            return outcome
        trace = _notified(task.patient, reader, payload["notice"], outcome)
        if payload["notice"] == NoticeKind.ACCESS and is_first:
            known = Choice(
                kind=ChoiceKind.KNOWN_READER, target=payload["actor"], since=self.clock.now()
            )
            await self.people.choose(task.patient, known, act=trace)
        else:
            await self.traces.write([trace])
        return outcome

    async def _send(self, reader: Reader, notice: str, count: int) -> str:
        person = PatientKey(bytes.fromhex(reader.id)) if reader.id else None
        login = await self.people.login_of(person) if person else None
        if login is None or not (login.email or login.mobile):
            return NO_CONTACT
        await self.outbox.send(
            channel="email" if login.email else "sms",
            to=login.email or login.mobile or "",
            template=notice,
            lang="fr",
            subject=SUBJECTS[notice],
            body=_said_to(reader, notice, count),
        )
        return SENT


def _better(one: str, other: str) -> str:
    """Told is better than not; of two refusals the patient's own stays."""
    rank = {outcome: place for place, outcome in enumerate(RANK)}
    return min(one, other, key=lambda outcome: rank.get(outcome, len(RANK))) if one else other


def _said_to(reader: Reader, notice: str, count: int) -> str:
    """Never whose profile (VAULT NOT-02)."""
    body = _body(notice, count)
    if reader.kind is ReaderKind.PATIENT:
        return body
    return body.replace(YOURS, MANAGED) if YOURS in body else OF_MANAGED + body


def _body(notice: str, count: int) -> str:
    if notice == SHARING:
        return BODY_OF_SHARING
    if notice == NoticeKind.WAITING:
        return BODY_OF_WAITING
    if notice in ACCESSES:
        return ACCESSES[notice] + BODY_OF_ACCESS
    said = "1 document" if count == 1 else f"{count} documents"
    return DOCUMENTS.format(count=said) + BODY


def _together(tasks: list[Task]) -> Iterable[list[int]]:
    """Places of tasks that make one message: one person and one kind of notice; of an access also
    one professional. Each emergency is a message of its own."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, task in enumerate(tasks):
        payload = json.loads(task.payload)
        alone = payload["notice"] == NoticeKind.EMERGENCY_ACCESS
        payload.pop("document", None)  # of several that one professional opened
        place = (task.patient, json.dumps(payload), index if alone else None)
        groups.setdefault(place, []).append(index)
    return groups.values()


def _notified(patient: PatientKey, reader: Reader, notice: str, outcome: str) -> NewTrace:
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

"""Notify: a patient is told; the decision is asked again at the second it leaves, and traced.

What leaves holds the kind of event and nothing more (VAULT NOT-02); what was sent, or why not, is
an entry of the log with the name of the template, never the words.
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import orjson

from gateway.clock import Clock
from gateway.ports.people import People, Traces
from gateway.ports.shelf import Shelf
from gateway.ports.tasks import Outbox
from gateway.records.access import NoticeKind
from gateway.records.account import Choice, ChoiceKind, NewTrace
from gateway.records.filing import Shelved
from gateway.records.patient import PatientKey
from gateway.records.task import Task

MayNotify = Callable[[Shelved, str], Awaitable[bool]]
"""Asks `access.decide` for action `notify` with this notice of a document, now."""

MayTell = Callable[[PatientKey, str, str], Awaitable[bool]]
"""The same of a notice of an access: whose record, which notice, by which professional."""

SUBJECTS = {
    "new_document": "De nouveaux documents sont dans Mon espace santé",
    "changed_document": "Des documents ont été modifiés dans Mon espace santé",
    "access": "Un professionnel a consulté Mon espace santé",
    "emergency_access": "Mon espace santé a été consulté en urgence",
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
SENT, GROUPED = "sent", "grouped"
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
            asked = [await self._refusal(tasks[index]) for index in indexes]
            left = [i for i, refusal in zip(indexes, asked, strict=True) if not refusal]
            for index, refusal in zip(indexes, asked, strict=True):
                outcomes[index] = refusal
            if left:
                outcome = await self._tell(tasks[left[0]], len(left))
                for index in left:
                    outcomes[index] = GROUPED if outcome == SENT else outcome
                outcomes[left[0]] = outcome
        return outcomes

    async def _refusal(self, task: Task) -> str:
        """Why this makes no notice now; "" when it does."""
        payload = json.loads(task.payload)
        notice = payload["notice"]
        if notice in OF_ACCESS:
            if task.patient is None:
                return "gone"
            allowed = await self.may_tell(task.patient, notice, payload["actor"])
            return "" if allowed else "not-allowed"
        shelved = await self.shelf.find(task.subject)
        if shelved is None:
            return "gone"
        return "" if await self.may_notify(shelved, notice) else "not-allowed"

    async def _tell(self, task: Task, count: int) -> str:
        payload = json.loads(task.payload)
        outcome = await self._send(task.patient, payload["notice"], count)
        if task.patient is None:
            return outcome
        trace = _notified(task.patient, payload["notice"], outcome)
        if payload["notice"] == NoticeKind.ACCESS:
            known = Choice(
                kind=ChoiceKind.KNOWN_READER, target=payload["actor"], since=self.clock.now()
            )
            await self.people.choose(task.patient, known, act=trace)
        else:
            await self.traces.write([trace])
        return outcome

    async def _send(self, patient: PatientKey | None, notice: str, count: int) -> str:
        login = await self.people.login_of(patient) if patient else None
        if login is None or not (login.email or login.mobile):
            return "no-contact"
        await self.outbox.send(
            channel="email" if login.email else "sms",
            to=login.email or login.mobile or "",
            template=notice,
            lang="fr",
            subject=SUBJECTS[notice],
            body=_body(notice, count),
        )
        return SENT


def _body(notice: str, count: int) -> str:
    if notice in ACCESSES:
        return ACCESSES[notice] + BODY_OF_ACCESS
    said = "1 document" if count == 1 else f"{count} documents"
    return DOCUMENTS.format(count=said) + BODY


def _together(tasks: list[Task]) -> Iterable[list[int]]:
    """Places of tasks that make one message: one person and one kind of notice; of an access also
    one professional. Each emergency is a message of its own."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, task in enumerate(tasks):
        alone = json.loads(task.payload)["notice"] == NoticeKind.EMERGENCY_ACCESS
        place = (task.patient, task.payload, index if alone else None)
        groups.setdefault(place, []).append(index)
    return groups.values()


def _notified(patient: PatientKey, notice: str, outcome: str) -> NewTrace:
    return NewTrace(
        patient=patient,
        action=NOTIFIED,
        permitted=True,
        rule=outcome,
        kind="system",
        actor=patient.hex(),
        actor_name="",
        door="outbox",
        details=orjson.dumps({"notice": notice, "outcome": outcome}),
    )

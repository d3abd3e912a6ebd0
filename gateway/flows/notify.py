"""Notify: a patient is told of a document; the decision is asked again at the second it leaves."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gateway.ports.people import People
from gateway.ports.shelf import Shelf
from gateway.ports.tasks import Outbox
from gateway.records.filing import Shelved
from gateway.records.patient import PatientKey
from gateway.records.task import Task

MayNotify = Callable[[Shelved, str], Awaitable[bool]]
"""Asks `access.decide` for action `notify` with this notice, now."""

SUBJECTS = {
    "new_document": "De nouveaux documents sont dans Mon espace santé",
    "changed_document": "Des documents ont été modifiés dans Mon espace santé",
}
BODY = (
    "{count} depuis le dernier message. Connectez-vous à Mon espace santé pour les consulter. "
    "Ce message ne contient aucun détail."
)
SENT, GROUPED = "sent", "grouped"


@dataclass(frozen=True, slots=True)
class Notify:
    """At most one message a kind and quarter of an hour, with a count (VAULT NOT-04)."""

    people: People
    shelf: Shelf
    outbox: Outbox
    may_notify: MayNotify

    async def carry(self, tasks: list[Task]) -> list[str]:
        """NOTICE tasks that are due together; no title and no name leaves (VAULT NOT-02)."""
        outcomes = [await self._refusal(task) for task in tasks]
        groups: dict[tuple[PatientKey | None, bytes], list[int]] = {}
        for index, (task, refusal) in enumerate(zip(tasks, outcomes, strict=True)):
            if not refusal:
                groups.setdefault((task.patient, task.payload), []).append(index)
        for (patient, payload), indexes in groups.items():
            outcome = await self._send(patient, json.loads(payload)["notice"], len(indexes))
            for index in indexes:
                outcomes[index] = GROUPED if outcome == SENT else outcome
            outcomes[indexes[0]] = outcome
        return outcomes

    async def _refusal(self, task: Task) -> str:
        """Why this document makes no notice now; "" when it does."""
        shelved = await self.shelf.find(task.subject)
        if shelved is None:
            return "gone"
        allowed = await self.may_notify(shelved, json.loads(task.payload)["notice"])
        return "" if allowed else "not-allowed"

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
            body=BODY.format(count="1 document" if count == 1 else f"{count} documents"),
        )
        return SENT

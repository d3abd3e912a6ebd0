"""Notify: a patient is told; the decision is asked again at the second it leaves, and traced.

What leaves holds the kind of event and nothing more (VAULT NOT-02); what was sent, or why not, is
an entry of the log with the name of the template, never the words.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import orjson
import structlog

from gateway.clock import Clock
from gateway.errors import DeferredError
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.sending.addressees import addressees
from gateway.ports.documents.shelf import Shelf
from gateway.ports.people.people import People, Traces
from gateway.ports.tasks import Outbox
from gateway.records.days import day_of
from gateway.records.intake.filing import Shelved
from gateway.records.patients.account import Choice, ChoiceKind, NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NoticeKind, Reader, ReaderKind
from gateway.records.task import Task

log = structlog.get_logger()

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

SPACE = "dans Mon espace santé"
SUBJECTS = {
    "new_document": f"Un document a été ajouté {SPACE}",
    "changed_document": f"Un document a été modifié {SPACE}",
    "access": "Un professionnel a consulté Mon espace santé",
    "emergency_access": "Mon espace santé a été consulté en urgence",
    "sharing": "Un accès à un profil a changé dans Mon espace santé",
    "waiting": "Un professionnel de santé souhaite vous parler",
    "opened": f"Un document est visible {SPACE}",
}
SUBJECTS_OF_SEVERAL = {
    "new_document": f"Des documents ont été ajoutés {SPACE}",
    "changed_document": f"Des documents ont été modifiés {SPACE}",
    "opened": f"Des documents sont visibles {SPACE}",
}
OF_ACCESS = frozenset({NoticeKind.ACCESS.value, NoticeKind.EMERGENCY_ACCESS.value})
ONE = {
    "new_document": "Un document a été ajouté le {day}.",
    "changed_document": "Un document a été modifié le {day}.",
    "opened": "Un document est visible depuis le {day}.",
}
SEVERAL = {
    "new_document": "{count} documents ont été ajoutés le {day}.",
    "changed_document": "{count} documents ont été modifiés le {day}.",
    "opened": "{count} documents sont visibles depuis le {day}.",
}
OTHERWISE = {
    "access": "Un professionnel de santé a consulté votre espace pour la première fois.",
    "emergency_access": "Un professionnel de santé a consulté votre espace en urgence.",
    "sharing": "Une invitation, une réponse ou une fin d'accès vous concerne.",
    "waiting": (
        "Un professionnel de santé souhaite vous parler avant que vous lisiez une nouvelle"
        " information."
    ),
}
SIGN_IN = "connectez-vous à Mon espace santé en tapant l'adresse habituelle."
TO_DO = {
    "access": f"Pour savoir qui et pourquoi, {SIGN_IN}",
    "emergency_access": f"Pour savoir qui et pourquoi, {SIGN_IN}",
    "sharing": f"Pour la lire, {SIGN_IN}",
    "waiting": "Prenez rendez-vous avec un professionnel de santé qui vous suit.",
}
TO_READ, TO_READ_SEVERAL = f"Pour le lire, {SIGN_IN}", f"Pour les lire, {SIGN_IN}"
HELLO = "Bonjour,"
CODES = "Nous ne demandons jamais vos codes par e-mail ou par téléphone."
HELP = "Besoin d'aide ? 3422"
"""The words of PAGES section 10: a kind changes one sentence of them."""
YOURS, MANAGED = "votre espace", "un profil que vous gérez"
OF_MANAGED = "Ce message concerne un profil que vous gérez."
SHARING = "sharing"
CAME = frozenset({NoticeKind.NEW_DOCUMENT.value, NoticeKind.CHANGED_DOCUMENT.value})
SENT, GROUPED, NO_CONTACT = "sent", "grouped", "no-contact"
RANK = (SENT, GROUPED, NO_CONTACT)
"""Of a task with several addressees, the best of what came of it."""
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

    async def carry(self, tasks: list[Task]) -> list[str | DeferredError]:
        """NOTICE tasks that are due together; no title and no name leaves (VAULT NOT-02).

        A message that fails is tried again alone: those that left would leave a second time.
        """
        outcomes: list[str | DeferredError] = [""] * len(tasks)
        for indexes in _together(tasks):
            told = await self._tried([tasks[index] for index in indexes])
            for index, outcome in zip(indexes, told, strict=True):
                outcomes[index] = outcome
        return outcomes

    async def _tried(self, tasks: list[Task]) -> Sequence[str | DeferredError]:
        try:
            return await self._together(tasks)
        except DeferredError as error:
            return [error] * len(tasks)
        except Exception:
            log.exception("tasks.failed", kind=tasks[0].kind.value, count=len(tasks))
            return [DeferredError("internal error")] * len(tasks)

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
        outcome = await self._send(reader, payload["notice"], count, self._day_of(task))
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

    def _day_of(self, task: Task) -> str:
        """Of a document when it came, whenever the message leaves; what a date opens, today."""
        came = json.loads(task.payload)["notice"] in CAME
        return day_of(task.created_at if came else self.clock.now())

    async def _send(self, reader: Reader, notice: str, count: int, day: str) -> str:
        person = PatientKey(bytes.fromhex(reader.id)) if reader.id else None
        login = await self.people.login_of(person) if person else None
        if login is None or not (login.email or login.mobile):
            return NO_CONTACT
        await self.outbox.send(
            channel="email" if login.email else "sms",
            to=login.email or login.mobile or "",
            template=notice,
            lang="fr",
            subject=_subject(notice, count),
            body=_body(reader, notice, count, day),
        )
        return SENT


def _better(one: str, other: str) -> str:
    """Told is better than not; of two refusals the patient's own stays."""
    rank = {outcome: place for place, outcome in enumerate(RANK)}
    return min(one, other, key=lambda outcome: rank.get(outcome, len(RANK))) if one else other


def _subject(notice: str, count: int) -> str:
    return SUBJECTS[notice] if count == 1 else SUBJECTS_OF_SEVERAL.get(notice, SUBJECTS[notice])


def _body(reader: Reader, notice: str, count: int, day: str) -> str:
    """Never whose profile (VAULT NOT-02)."""
    said, to_do = _said(notice, count, day)
    about: tuple[str, ...] = ()
    if reader.kind is not ReaderKind.PATIENT:
        about = () if YOURS in said else (OF_MANAGED,)
        said = said.replace(YOURS, MANAGED)
    return "\n".join((HELLO, *about, said, to_do, CODES, HELP))


def _said(notice: str, count: int, day: str) -> tuple[str, str]:
    """What happened, and what to do."""
    if notice in OTHERWISE:
        return OTHERWISE[notice], TO_DO[notice]
    if count == 1:
        return ONE[notice].format(day=day), TO_READ
    return SEVERAL[notice].format(count=count, day=day), TO_READ_SEVERAL


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

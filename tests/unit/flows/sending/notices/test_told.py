"""Who is told of an access: the first of a professional, each emergency; decided as it leaves."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from reading_twins import ANNE, DOCTOR, NOW, NURSE, FixedClock, House, card, choice

from gateway.errors import DeferredError, DeniedError
from gateway.flows.choices.emergency import enter
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.sending.notices.notify import Access, Notify
from gateway.flows.sending.notices.words import NEW_MESSAGE
from gateway.records.documents.shelved import Shelved
from gateway.records.patients.account import ChoiceKind, Login
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Mode, NoticeKind, Reader, ReaderKind
from gateway.records.task import NewTask, Task, TaskKind

PHYSICIAN = professional_reader(DOCTOR)


@dataclass
class Letters:
    sent: list[dict[str, str]] = field(default_factory=list)

    async def send(
        self, *, channel: str, to: str, template: str, lang: str, subject: str, body: str
    ) -> None:
        self.sent.append({"to": to, "template": template, "subject": subject, "body": body})


def house_of_anne() -> House:
    house = House()
    house.shelf.put(card("one"))
    house.agree()
    login = Login(patient=ANNE, login="anne", password_hash="", email="anne@example.org")
    house.people.logins[ANNE] = login
    return house


def notify_of(house: House, letters: Letters) -> Notify:
    async def may_notify(shelved: Shelved, notice: str, reader: Reader) -> bool:
        return (await house.read.may_notify(shelved, NoticeKind(notice), reader)).permitted

    async def may_tell(patient: PatientKey, access: Access, reader: Reader) -> bool:
        notice = NoticeKind(access.notice)
        decision = await house.read.may_tell(
            patient, notice, access.actor, reader, document=access.document
        )
        return decision.permitted

    async def may_hear(_patient: PatientKey, _mail: str, reader: Reader) -> bool:
        return reader.kind is ReaderKind.PATIENT

    return Notify(
        people=house.people,
        shelf=house.shelf,
        traces=house.traces,
        outbox=letters,
        clock=FixedClock(),
        may_notify=may_notify,
        may_tell=may_tell,
        may_hear={NEW_MESSAGE: may_hear},
    )


def claimed(made: list[NewTask]) -> list[Task]:
    return [
        Task(
            id=number,
            kind=one.kind,
            subject=one.subject,
            patient=one.patient,
            payload=one.payload,
            attempts=1,
            created_at=NOW,
        )
        for number, one in enumerate(made, 1)
    ]


async def test_the_first_access_is_told_once_and_names_nobody() -> None:
    house, letters = house_of_anne(), Letters()
    await house.read.list_documents(PHYSICIAN, ANNE)
    await house.read.open_document(PHYSICIAN, "one")
    made = house.traces.then
    assert [one.subject for one in made] == ["access", "access"]
    assert all(one.due_at > NOW for one in made)
    outcomes = await notify_of(house, letters).carry(claimed(made))
    assert outcomes == ["sent", "grouped"]
    (letter,) = letters.sent
    assert letter["template"] == "access"
    assert DOCTOR.name.split()[-1] not in letter["subject"] + letter["body"]
    assert house.people.acts[-1].action == "notified"
    await house.read.list_documents(PHYSICIAN, ANNE)
    assert house.traces.then == made
    assert await notify_of(house, letters).carry(claimed(made)) == ["not-allowed"] * 2
    assert house.traces.written[-1].rule == "F32"
    assert len(letters.sent) == 1


async def test_a_new_document_is_told_in_the_words_of_the_pages() -> None:
    house, letters = house_of_anne(), Letters()
    payload = json.dumps({"notice": "new_document"}).encode()
    task = NewTask(kind=TaskKind.NOTICE, subject="one", due_at=NOW, patient=ANNE, payload=payload)
    assert await notify_of(house, letters).carry(claimed([task])) == ["sent"]
    (letter,) = letters.sent
    assert letter["subject"] == "Un document a été ajouté dans Mon espace santé"
    assert letter["body"].splitlines() == [
        "Bonjour,",
        "Un document a été ajouté le 15 mars 2026.",
        "Pour le lire, connectez-vous à Mon espace santé en tapant l'adresse habituelle.",
        "Nous ne demandons jamais vos codes par e-mail ou par téléphone.",
        "Besoin d'aide ? 3422",
    ]


async def test_after_an_unblock_the_next_access_is_the_first_again() -> None:
    house, letters = house_of_anne(), Letters()
    house.people.chosen.append(
        choice(ChoiceKind.KNOWN_READER, DOCTOR.id, since=NOW - timedelta(days=9))
    )
    await house.read.list_documents(PHYSICIAN, ANNE)
    assert house.traces.then == []
    ended = NOW - timedelta(days=1)
    house.people.chosen.append(
        choice(ChoiceKind.BLOCK, DOCTOR.id, since=NOW - timedelta(days=2), until=ended)
    )
    house.people.chosen.append(choice(ChoiceKind.CARE_PROFESSIONAL, DOCTOR.id, since=ended))
    await house.read.list_documents(PHYSICIAN, ANNE)
    assert await notify_of(house, letters).carry(claimed(house.traces.then)) == ["sent"]


async def test_a_refused_try_and_the_patients_own_reading_tell_nobody() -> None:
    house = house_of_anne()
    await house.read.list_documents(professional_reader(NURSE), ANNE)
    with pytest.raises(DeniedError):
        await house.read.open_document(professional_reader(NURSE), "one")
    await house.read.open_document(patient_reader(ANNE), "one")
    assert house.traces.then == []


async def test_each_emergency_is_told_at_once_and_alone() -> None:
    house, letters = house_of_anne(), Letters()
    for _ in range(2):
        await enter(house.read, PHYSICIAN, ANNE, Mode.BRIS_DE_GLACE, "coma")
    made = [one for one in house.people.then if one.kind is TaskKind.NOTICE]
    assert len(house.people.then) == 2 * len(made)  # and the treating doctor, each time
    assert [(json.loads(one.payload)["notice"], one.due_at) for one in made] == [
        ("emergency_access", NOW)
    ] * 2
    assert await notify_of(house, letters).carry(claimed(made)) == ["sent", "sent"]
    assert [one["template"] for one in letters.sent] == ["emergency_access"] * 2
    assert "coma" not in letters.sent[0]["body"]


async def test_nobody_to_write_to_is_an_outcome_of_the_log() -> None:
    house, letters = house_of_anne(), Letters()
    house.people.logins.clear()
    await house.read.list_documents(PHYSICIAN, ANNE)
    assert await notify_of(house, letters).carry(claimed(house.traces.then)) == ["no-contact"]
    assert house.people.acts[-1].rule == "no-contact"


@pytest.mark.parametrize("error", [DeferredError("full"), LookupError("a damaged row")])
async def test_a_message_that_fails_does_not_make_those_that_left_leave_again(
    error: Exception,
) -> None:
    house = house_of_anne()
    other = PatientKey(b"other")
    house.people.logins[other] = Login(
        patient=other, login="other", password_hash="", email="other@example.org"
    )

    class OneAway(Letters):
        async def send(self, **words: str) -> None:
            if words["to"] == "other@example.org":
                raise error
            await super().send(**words)

    letters = OneAway()
    payload = json.dumps({"notice": "sharing"}).encode()
    made = [
        NewTask(kind=TaskKind.NOTICE, subject="s", due_at=NOW, patient=one, payload=payload)
        for one in (ANNE, other)
    ]
    sent, failed = await notify_of(house, letters).carry(claimed(made))
    assert sent == "sent"
    assert isinstance(failed, DeferredError)
    assert [one["to"] for one in letters.sent] == ["anne@example.org"]

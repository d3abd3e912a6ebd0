"""Representatives are told as the patient is, caregivers never (ACCESS P41, F28; VAULT NOT-03)."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from reading_twins import ANNE, NOW, PAUL, House, card, choice, person
from test_told import PHYSICIAN, Letters, claimed, house_of_anne, notify_of

from gateway.errors import DeferredError
from gateway.flows.sending.outcome import Outcome
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import ChoiceKind, Login
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind

HIDDEN = ("INVISIBLE_REPRESENTANTS_LEGAUX",)


def born(house: House, day: str) -> None:
    identity = replace(house.people.known[ANNE].identity, birth_date=day)
    house.people.known[ANNE] = person(ANNE, identity=identity)


def house_of_a_child(kind: ChoiceKind = ChoiceKind.PARENT, until: datetime | None = None) -> House:
    """Anne is a child without a login; Paul is something to her."""
    house = house_of_anne()
    house.people.logins.clear()
    login = Login(patient=PAUL, login="paul", password_hash="", email="paul@example.org")
    house.people.logins[PAUL] = login
    born(house, "2016-05-20")
    house.people.chosen.append(choice(kind, PAUL.hex(), until=until))
    return house


def notice(document: str = "one", kind: str = "new_document") -> NewTask:
    payload = json.dumps({"notice": kind}).encode()
    return NewTask(
        kind=TaskKind.NOTICE, subject=document, due_at=NOW, patient=ANNE, payload=payload
    )


async def test_a_parent_is_told_of_a_document_without_whose_it_is() -> None:
    house, letters = house_of_a_child(), Letters()
    assert await notify_of(house, letters).carry(claimed([notice(), notice()])) == [
        "sent",
        "grouped",
    ]
    (letter,) = letters.sent
    assert letter["to"] == "paul@example.org"
    assert "un profil que vous gérez" in letter["body"]
    assert letter["subject"] == "Des documents ont été ajoutés dans Mon espace santé"
    assert "2 documents" in letter["body"]
    rules = [one.rule for one in house.traces.written if one.action == "notify"]
    assert rules == ["P40", "P40", "P41", "P41"]


async def test_a_document_hidden_from_representatives_tells_nobody_at_any_address() -> None:
    house, letters = house_of_a_child(), Letters()
    house.people.logins[ANNE] = Login(
        patient=ANNE, login="anne", password_hash="", email="anne@example.org"
    )
    house.shelf.put(card("secret", codes=HIDDEN))
    outcomes = await notify_of(house, letters).carry(claimed([notice("secret"), notice()]))
    assert outcomes == ["not-allowed", "sent"]
    assert sorted(one["to"] for one in letters.sent) == ["anne@example.org", "paul@example.org"]
    assert all("Un document a été ajouté le" in one["body"] for one in letters.sent)
    rules = {one.rule for one in house.traces.written if one.document == "secret"}
    assert rules == {"F28", "F29"}


async def test_a_caregiver_is_never_told() -> None:
    house, letters = house_of_a_child(ChoiceKind.CAREGIVER), Letters()
    assert await notify_of(house, letters).carry(claimed([notice()])) == ["no-contact"]
    assert letters.sent == []


async def test_who_is_a_representative_no_more_is_not_told() -> None:
    house, letters = house_of_a_child(until=NOW), Letters()
    assert await notify_of(house, letters).carry(claimed([notice()])) == ["no-contact"]
    born(house, "2008-03-15")
    house.people.chosen.append(choice(ChoiceKind.PARENT, PAUL.hex()))
    assert await notify_of(house, letters).carry(claimed([notice()])) == ["no-contact"]
    asked = [one.kind for one in house.traces.written if one.action == "notify"]
    assert set(asked) == {"patient"}
    assert letters.sent == []


async def test_a_first_access_is_told_to_parent_and_patient_and_then_to_nobody() -> None:
    house, letters = house_of_a_child(), Letters()
    await house.read.list_documents(PHYSICIAN, ANNE)
    made = list(house.traces.then)
    assert await notify_of(house, letters).carry(claimed(made)) == ["sent"]
    (letter,) = letters.sent
    assert "\nUn professionnel de santé a consulté un profil que vous" in letter["body"]
    known = [one for one in house.people.chosen if one.kind is ChoiceKind.KNOWN_READER]
    assert len(known) == 1
    assert await notify_of(house, letters).carry(claimed(made)) == ["not-allowed"]


@pytest.mark.parametrize("notice", ["sharing", "account-activated", "password-changed"])
async def test_what_changes_an_account_tells_the_person_it_concerns_alone(notice: str) -> None:
    house, letters = house_of_a_child(), Letters()
    task = NewTask(
        kind=TaskKind.NOTICE,
        subject=notice,
        due_at=NOW + timedelta(0),
        patient=PAUL,
        payload=json.dumps({"notice": notice}).encode(),
    )
    assert await notify_of(house, letters).carry(claimed([task])) == ["sent"]
    (letter,) = letters.sent
    assert letter["to"] == "paul@example.org"
    assert letter["template"] == notice


async def opened(house: House, *documents: str) -> list[NewTask]:
    """What one professional who opens these, one after the other, lets be told."""
    house.traces.then.clear()
    for document in documents:
        await house.read.open_document(PHYSICIAN, document)
    return list(house.traces.then)


async def test_an_access_to_what_is_hidden_from_representatives_is_told_at_no_address() -> None:
    """The history leaves that line out; a notice without a line would betray it."""
    house, letters = house_of_a_child(), Letters()
    house.people.logins[ANNE] = Login(
        patient=ANNE, login="anne", password_hash="", email="anne@example.org"
    )
    house.shelf.put(card("secret", codes=HIDDEN))
    made = await opened(house, "secret")
    assert await notify_of(house, letters).carry(claimed(made)) == ["not-allowed"]
    assert letters.sent == []
    assert {one.rule for one in house.traces.written if one.action == "notify"} == {"F28", "F29"}
    assert not [one for one in house.people.chosen if one.kind is ChoiceKind.KNOWN_READER]

    both = await opened(house, "secret", "one")  # still the first that anybody is told of
    assert await notify_of(house, letters).carry(claimed(both)) == ["not-allowed", "sent"]
    assert sorted(one["to"] for one in letters.sent) == ["anne@example.org", "paul@example.org"]


async def test_several_documents_that_one_professional_opened_make_one_message() -> None:
    house, letters = house_of_a_child(), Letters()
    house.shelf.put(card("two"))
    made = await opened(house, "one", "two", "one")
    outcomes = await notify_of(house, letters).carry(claimed(made))
    assert outcomes == ["sent", "grouped", "grouped"]
    assert len(letters.sent) == 1


@pytest.mark.parametrize("status", [DocumentStatus.WITHDRAWN, DocumentStatus.SUPERSEDED])
async def test_an_access_is_told_though_the_document_is_gone_since(status: DocumentStatus) -> None:
    house, letters = house_of_a_child(), Letters()
    made = await opened(house, "one")
    house.shelf.put(card("one", status=status))
    assert await notify_of(house, letters).carry(claimed(made)) == ["sent"]


async def test_a_document_that_its_author_took_away_is_told_of_and_never_as_a_new_one() -> None:
    house, letters = house_of_a_child(), Letters()
    house.shelf.put(card("one", status=DocumentStatus.WITHDRAWN))
    told = claimed([notice(), notice(kind="changed_document")])
    assert await notify_of(house, letters).carry(told) == ["not-allowed", "sent"]
    (letter,) = letters.sent
    assert letter["subject"] == "Un document a été modifié dans Mon espace santé"
    house.shelf.put(card("one", status=DocumentStatus.WITHDRAWN, codes=HIDDEN))
    assert await notify_of(house, letters).carry(told[1:]) == ["not-allowed"]


async def test_a_notice_that_waits_while_its_record_joins_another_is_told_there() -> None:
    house, letters = house_of_a_child(), Letters()
    joined = PatientKey(b"j" * 16)
    house.people.known[joined] = house.people.known[ANNE]
    task = replace(claimed([notice()])[0], patient=joined)
    assert await notify_of(house, letters).carry([task]) == ["sent"]
    rules = [one.rule for one in house.traces.written if one.action == "notify"]
    assert rules == ["P40", "P41"]


@dataclass
class OneAway(Letters):
    """One address that cannot be reached until it is `back`."""

    away: str = ""
    error: Exception = field(default_factory=lambda: DeferredError("full"))

    async def send(self, **words: str) -> None:
        if words["to"] == self.away:
            raise self.error
        await super().send(**words)

    @property
    def told(self) -> list[str]:
        return [one["to"] for one in self.sent]


def house_of_two() -> House:
    """The child has an address of its own."""
    house = house_of_a_child()
    house.people.logins[ANNE] = Login(
        patient=ANNE, login="anne", password_hash="", email="anne@example.org"
    )
    return house


@pytest.mark.parametrize("error", [DeferredError("full"), LookupError("a damaged row")])
@pytest.mark.parametrize("away", ["anne@example.org", "paul@example.org"])
async def test_who_was_told_is_not_told_again_for_another_who_was_not(
    away: str, error: Exception
) -> None:
    house, letters = house_of_two(), OneAway(away=away, error=error)
    reached = ({"anne@example.org", "paul@example.org"} - {away}).pop()
    ended, grouped = await notify_of(house, letters).carry(claimed([notice(), notice()]))
    assert letters.told == [reached]
    assert isinstance(ended, Outcome)
    assert isinstance(grouped, Outcome)
    assert (ended.words, grouped.words) == ("sent", "grouped")
    rest = [*ended.then, *grouped.then]
    assert all(one.due_at > NOW for one in rest)
    again = await notify_of(house, letters).carry(claimed(rest))
    assert all(isinstance(one, DeferredError) for one in again)
    letters.away = ""
    assert await notify_of(house, letters).carry(claimed(rest)) == ["sent", "grouped"]
    assert letters.told == [reached, away]
    assert "2 documents ont été ajoutés le 15 mars 2026" in letters.sent[-1]["body"]


async def test_of_a_first_access_the_other_is_told_when_he_can_be_reached() -> None:
    """To have told one makes the professional known; the other heard of nothing yet."""
    house, letters = house_of_two(), OneAway(away="paul@example.org")
    (ended,) = await notify_of(house, letters).carry(claimed(await opened(house, "one")))
    assert isinstance(ended, Outcome)
    letters.away = ""
    assert await notify_of(house, letters).carry(claimed(list(ended.then))) == ["sent"]
    assert letters.told == ["anne@example.org", "paul@example.org"]
    known = [one for one in house.people.chosen if one.kind is ChoiceKind.KNOWN_READER]
    assert len(known) == 1
    house.shelf.put(card("one", codes=HIDDEN))
    assert await notify_of(house, letters).carry(claimed(list(ended.then))) == ["not-allowed"]


async def test_a_representative_who_is_none_any_more_is_not_told_of_what_was_left() -> None:
    house, letters = house_of_two(), OneAway(away="paul@example.org")
    (ended,) = await notify_of(house, letters).carry(claimed([notice()]))
    assert isinstance(ended, Outcome)
    house.people.chosen.clear()
    letters.away = ""
    assert await notify_of(house, letters).carry(claimed(list(ended.then))) == ["gone"]
    assert letters.told == ["anne@example.org"]


async def test_nobody_is_told_in_the_name_of_a_dead_person() -> None:
    house, letters = house_of_a_child(), Letters()
    house.people.known[PAUL] = person(PAUL, deceased=True)
    await notify_of(house, letters).carry(claimed([notice()]))
    assert letters.sent == []
    house.people.known[PAUL] = person(PAUL)
    assert await notify_of(house, letters).carry(claimed([notice()])) == ["sent"]
    assert [one["to"] for one in letters.sent] == ["paul@example.org"]

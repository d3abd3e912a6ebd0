"""What is said of a majority, to whom, by which way (VAULT REP-10, NOT-02)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from reading_twins import ANNE, NOW, PAUL, House, choice, person
from test_told import Letters, claimed, house_of_anne, notify_of

from gateway.records.patients.account import AccountState, ChoiceKind, Login
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.task import NewTask, TaskKind

SOON, CAME = "majority-soon", "majority"
TRAITS = ("Jade", "JADE", "DURAND", "2008", "1er décembre", "labo")


class Post(Letters):
    """Keeps the channel too: a letter is no e-mail."""

    async def send(
        self, *, channel: str, to: str, template: str, lang: str, subject: str, body: str
    ) -> None:
        self.sent.append(
            {"channel": channel, "to": to, "template": template, "all": f"{subject}\n{body}"}
        )


def house_of_jade(state: AccountState = AccountState.CREATED) -> House:
    """Jade has no login; her father Paul has an e-mail."""
    house = house_of_anne()
    identity = PatientIdentity(birth_date="2008-12-01", birth_family="Durand", birth_given="JADE")
    house.people.known[ANNE] = person(ANNE, identity=identity, state=state)
    house.people.logins.clear()
    login = Login(patient=PAUL, login="paul", password_hash="", email="paul@example.org")
    house.people.logins[PAUL] = login
    house.people.chosen.append(choice(ChoiceKind.PARENT, PAUL.hex()))
    return house


def task(notice: str, to: PatientKey, *, days: int = 3) -> NewTask:
    payload = {"notice": notice, "left": [to.hex()]}
    if notice == SOON:
        payload["until"] = (NOW + timedelta(days=days)).isoformat()
    return NewTask(
        kind=TaskKind.NOTICE,
        subject="majority",
        due_at=NOW,
        patient=ANNE,
        payload=json.dumps(payload).encode(),
    )


async def test_the_young_adult_without_a_contact_is_written_to_in_the_own_name() -> None:
    house, letters = house_of_jade(), Post()
    assert await notify_of(house, letters).carry(claimed([task(CAME, ANNE)])) == ["sent"]
    (letter,) = letters.sent
    assert (letter["channel"], letter["to"]) == ("letter", "Jade DURAND")
    assert "Vous avez 18 ans : cet espace est à vous." in letter["all"]
    assert "3422" in letter["all"]
    (trace,) = [one for one in house.traces.written if one.action == "notified"]
    assert json.loads(trace.details) == {"notice": CAME, "outcome": "sent", "to": "patient"}


@pytest.mark.parametrize(
    ("email", "mobile", "channel"), [("jade@example.org", "06", "email"), (None, "06", "sms")]
)
async def test_an_own_contact_comes_before_a_letter(
    email: str | None, mobile: str, channel: str
) -> None:
    house, letters = house_of_jade(), Post()
    login = Login(patient=ANNE, login="jade", password_hash="")
    house.people.logins[ANNE] = replace(login, email=email, mobile=mobile)
    assert await notify_of(house, letters).carry(claimed([task(CAME, ANNE)])) == ["sent"]
    assert [(one["channel"], one["to"]) for one in letters.sent] == [(channel, email or mobile)]


async def test_thirty_days_before_child_and_parent_read_each_their_own_words() -> None:
    house, letters = house_of_jade(AccountState.ACTIVE), Post()
    tasks = claimed([task(SOON, ANNE), task(SOON, PAUL)])
    assert await notify_of(house, letters).carry(tasks) == ["sent", "sent"]
    hers, his = letters.sent
    assert (hers["channel"], his["channel"], his["to"]) == ("letter", "email", "paul@example.org")
    assert "vos parents ne verront plus votre espace" in hers["all"]
    assert "Ce message concerne un profil que vous gérez." in his["all"]
    assert "ses parents ne le verront plus" in his["all"]
    for trait in TRAITS:
        assert trait not in his["all"]
        assert trait not in hers["all"]


async def test_a_parent_is_told_nothing_on_the_day_nor_once_the_right_is_gone() -> None:
    house, letters = house_of_jade(AccountState.ACTIVE), Post()
    late = claimed([task(SOON, PAUL, days=0)])
    assert await notify_of(house, letters).carry(late) == ["too-late"]
    house.people.chosen = [choice(ChoiceKind.PARENT, PAUL.hex(), until=NOW)]
    assert await notify_of(house, letters).carry(claimed([task(SOON, PAUL)])) == ["gone"]
    assert letters.sent == []


async def test_nobody_is_invited_to_a_space_that_was_activated_or_closed_since() -> None:
    for state in (AccountState.ACTIVE, AccountState.CLOSED):
        house, letters = house_of_jade(state), Post()
        told = await notify_of(house, letters).carry(claimed([task(CAME, ANNE)]))
        assert told == ["not-needed"]
        assert letters.sent == []


async def test_a_parent_without_a_contact_gets_no_letter_of_a_childs_majority() -> None:
    house, letters = house_of_jade(AccountState.ACTIVE), Post()
    house.people.logins.clear()
    told = await notify_of(house, letters).carry(claimed([task(SOON, PAUL)]))
    assert told == ["no-contact"]
    assert letters.sent == []

"""What is said of a space that is left, to whom, by which way (VAULT N7, ACC-11, NOT-02)."""

from dataclasses import replace

import pytest
from reading_twins import ANNE, NOW, PAUL, House, choice
from test_told import claimed, house_of_anne, notify_of
from test_told_majority import Post

from gateway.flows.sending.notices.leaving import (
    CLOSED,
    DELETION_ASKED,
    OF_LEAVING,
    OPPOSED,
    REOPENED,
    notice_of_leaving,
)
from gateway.records.patients.account import ChoiceKind, Login
from gateway.records.task import NewTask

TRAITS = ("Anne", "ANNE", "labo", "compte rendu")


def told(notice: str, *, to: tuple[str, str] | None = None, letter: bool = False) -> NewTask:
    return notice_of_leaving(notice, ANNE, NOW, reference="K7MP 3XQA", to=to, letter=letter)


async def sent(house: House, *tasks: NewTask) -> list[dict[str, str]]:
    post = Post()
    assert await notify_of(house, post).carry(claimed(list(tasks))) == ["sent"] * len(tasks)
    return post.sent


async def test_the_proof_of_an_opposition_goes_where_the_code_went_and_says_what_it_must() -> None:
    house = house_of_anne()
    house.people.logins.clear()
    (letter,) = await sent(house, told(OPPOSED, to=("sms", "0612345699")))
    assert (letter["channel"], letter["to"]) == ("sms", "0612345699")
    for said in (
        "vos droits à l'assurance maladie ou vos remboursements",
        "ancien DMP, si vous en avez un, n'est pas supprimé",
        "changer d'avis à tout moment",
        "Référence : K7MP 3XQA",
    ):
        assert said in letter["all"]


@pytest.mark.parametrize("notice", sorted(OF_LEAVING))
async def test_no_notice_names_anybody_or_holds_an_address(notice: str) -> None:
    (letter,) = await sent(house_of_anne(), told(notice))
    assert letter["to"] == "anne@example.org"
    assert not [one for one in (*TRAITS, "http") if one in letter["all"]]


async def test_who_has_no_contact_and_who_asked_on_paper_is_written_to() -> None:
    house = house_of_anne()
    (letter,) = await sent(house, told(DELETION_ASKED, letter=True))
    house.people.logins.clear()
    (other,) = await sent(house, told(CLOSED))
    assert (letter["channel"], other["channel"]) == ("letter", "letter")


async def test_who_represents_the_person_reads_of_a_profile_and_not_of_an_own_space() -> None:
    house = house_of_anne()
    login = Login(patient=PAUL, login="paul", password_hash="", email="paul@example.org")
    house.people.logins[PAUL] = login
    house.people.chosen.append(choice(ChoiceKind.GUARDIAN, PAUL.hex()))
    said = {one["to"]: one["all"] for one in await sent(house, told(CLOSED))}
    assert "un profil que vous gérez est fermé" in said["paul@example.org"]
    assert "votre espace est fermé" in said["anne@example.org"]


@pytest.mark.parametrize("notice", sorted(OF_LEAVING))
async def test_the_parents_of_a_child_are_told_and_those_of_an_adult_are_not(notice: str) -> None:
    for born, told_to in (("2016-05-20", ["anne", "paul"]), ("2008-03-15", ["anne"])):
        house = house_of_anne()
        known = house.people.known[ANNE]
        identity = replace(known.identity, birth_date=born)
        house.people.known[ANNE] = replace(known, identity=identity)
        login = Login(patient=PAUL, login="paul", password_hash="", email="paul@example.org")
        house.people.logins[PAUL] = login
        house.people.chosen.append(choice(ChoiceKind.PARENT, PAUL.hex()))
        letters = await sent(house, told(notice))
        assert [one["to"].partition("@")[0] for one in letters] == told_to


async def test_a_space_that_is_opened_again_says_that_its_deletion_is_cancelled() -> None:
    for cancelled in (True, False):
        task = notice_of_leaving(REOPENED, ANNE, NOW, reference="K7MP 3XQA", cancelled=cancelled)
        (letter,) = await sent(house_of_anne(), task)
        assert ("suppression est annulée" in letter["all"]) is cancelled

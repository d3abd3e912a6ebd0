"""« Courriers en échec » : where they went and what was answered, and nobody's name."""

import html
import re

import orjson
import pytest
from vault_house import House, hire, post, sign_in_operator, token_of, visiting
from work_twins import MemoryLetters, letter, tried_again, with_letters

from gateway.records.patients.patient import DESK
from gateway.records.readers.operator import OperatorRole
from gateway.records.task import TaskKind

INS = "284037511604282"
PERSON = "claire.durand"
MAIL = letter(
    7,
    TaskKind.MAIL,
    "refused: The mail server refuses the message (550).",
    to=f"{PERSON}@cabinet.mssante.fr",
)
BOX = letter(
    8,
    TaskKind.MAIL,
    "given-up: The mail server cannot be reached now.",
    to=f"{INS}@Patient.Mssante.FR",
)
FORWARD = letter(9, TaskKind.FORWARD, "refused: AE 207 DURAND-CLAIRE", lane="forward:lis")
ANSWER = letter(
    10, TaskKind.BUSINESS_ACK, "given-up: The receiver cannot be reached.", lane="answers:labo"
)
TOLD = letter(11, TaskKind.NOTICE, "given-up: internal error")
DOCTOR = letter(12, TaskKind.DOCTOR_NOTICE, "no-address: gateway professional address")


def staffed() -> House:
    house = House()
    hire(house, OperatorRole.TECHNIQUE)
    return house


async def shown(house: House, path: str = "/desk/echecs") -> tuple[int, str]:
    async with visiting(house) as client:
        await sign_in_operator(client)
        answer = await client.get(path)
        return answer.status, html.unescape(await answer.text())


def rows(page: str) -> dict[str, str]:
    """The text of each row by its number."""
    found = re.findall(r'<tr data-kind="(?:courrier|essai)" data-id="(\d+)".*?</tr>', page, re.S)
    text = {}
    for number in found:
        row = re.search(rf'<tr [^>]*data-id="{number}".*?</tr>', page, re.S)
        assert row
        text[number] = " ".join(re.sub(r"<[^>]+>", " ", row[0]).split())
    return text


async def test_without_any_the_page_says_so() -> None:
    house = staffed()
    with_letters(house)
    status, page = await shown(house)
    assert (status, "Aucun courrier en échec." in page) == (200, True)


async def test_each_letter_tells_its_destination_its_answer_and_its_tries() -> None:
    house = staffed()
    with_letters(house, MAIL, FORWARD, ANSWER, DOCTOR)
    _, page = await shown(house)
    found = rows(page)
    assert "cabinet.mssante.fr" in found["7"]
    assert "550" in found["7"]
    assert "Le serveur de messagerie refuse ce courrier." in found["7"]
    assert "lis" in found["9"]
    assert "AE 207" in found["9"]
    assert "labo" in found["10"]
    assert "Le destinataire n'est pas joignable." in found["10"]
    assert "médecin traitant" in found["12"]
    assert "Aucune adresse n'est connue." in found["12"]
    assert "4 courriers sont en échec" in page


async def test_a_letter_of_a_kind_that_this_version_does_not_know_bears_its_own_name() -> None:
    house = staffed()
    with_letters(house, letter(13, "of-tomorrow", "refused: x", to=f"{PERSON}@x.fr"), MAIL)
    status, page = await shown(house)
    assert status == 200
    assert "of-tomorrow" in rows(page)["13"]
    assert PERSON not in page


async def test_of_a_patients_box_nothing_is_said_but_that_it_is_one() -> None:
    house = staffed()
    with_letters(house, BOX, MAIL, TOLD)
    _, page = await shown(house)
    assert page.index('data-id="7"') < page.index("Vers des patients") < page.index('data-id="8"')
    assert "boîte de patient" in rows(page)["8"]
    assert "boîte de patient" in rows(page)["11"]
    assert "patient.mssante.fr" not in page.lower()


@pytest.mark.parametrize("path", ["", "/7/relancer", "/8/abandonner", "/9/relancer"])
async def test_no_page_names_a_person(path: str) -> None:
    house = staffed()
    again = tried_again(20, TaskKind.MAIL, f"{PERSON} is unknown, says {INS}", to=f"{INS}@y")
    with_letters(house, MAIL, BOX, FORWARD, TOLD, again=[again])
    status, page = await shown(house, f"/desk/echecs{path}")
    assert status == 200
    for word in (PERSON, INS, "DURAND", "claire"):
        assert word.lower() not in page.lower()


async def test_a_word_that_is_not_of_ours_is_masked_for_eyes_and_ears() -> None:
    house = staffed()
    with_letters(
        house, FORWARD, letter(13, TaskKind.MAIL, "refused: Durand has moved", to="a@b.fr")
    )
    _, page = await shown(house)
    assert "AE 207 ●●● code masqué" in rows(page)["9"]
    assert "●●● texte masqué" in rows(page)["13"]


async def test_what_is_tried_again_by_itself_shows_its_next_try_and_no_act() -> None:
    house = staffed()
    reason = "The mail server does not take the message now (451)."
    with_letters(house, again=[tried_again(20, TaskKind.MAIL, reason, to="a@hopital.fr")])
    _, page = await shown(house)
    assert "Nouveaux essais prévus" in page
    assert "14 h 10" in rows(page)["20"].replace("\u00a0", " ")
    assert "/20/relancer" not in page
    assert "Aucun courrier en échec." in page


async def test_twenty_five_stand_on_a_page() -> None:
    house = staffed()
    with_letters(
        house, *(letter(n, TaskKind.MAIL, "refused: x", to="a@b.fr") for n in range(1, 28))
    )
    _, page = await shown(house)
    assert len(rows(page)) == 25
    _, page = await shown(house, "/desk/echecs?page=2")
    assert len(rows(page)) == 2


def acts_of(letters: MemoryLetters) -> list[tuple[str, str, str, object]]:
    return [
        (one.action, one.kind, one.actor, orjson.loads(one.details).get("reason"))
        for one in letters.acts
    ]


async def test_trying_again_asks_first_and_says_the_effect_in_one_sentence() -> None:
    house = staffed()
    letters = with_letters(house, MAIL, FORWARD)
    _, page = await shown(house, "/desk/echecs/9/relancer")
    assert "Ce courrier repart tout de suite" in page
    assert "avant ceux qui attendent derrière lui" in page
    assert '<button class="button">Relancer ce courrier</button>' in page
    assert '<a href="/desk/echecs">Annuler</a>' in page
    assert letters.ended == []


async def test_a_letter_is_tried_again_once_and_the_second_click_is_told() -> None:
    house = staffed()
    letters = with_letters(house, MAIL, FORWARD)
    page, act = "/desk/echecs/9/relancer", "/desk/echecs/7/relancer"
    async with visiting(house) as client:
        await sign_in_operator(client)
        assert (await post(client, page, act))[:2] == (303, "/desk/echecs?fait=relance")
        status, _, text = await post(client, page, act)
        assert (status, 'data-refusal="plus-en-echec"' in text) == (409, True)
        assert (await client.get(act)).status == 404
    assert letters.ended == [("retry", 7)]
    assert acts_of(letters) == [("letter-retried", "operator", "101", None)]
    assert letters.acts[0].patient == DESK


async def test_a_letter_is_abandoned_with_a_reason_and_never_without() -> None:
    house = staffed()
    letters = with_letters(house, MAIL)
    act = "/desk/echecs/7/abandonner"
    async with visiting(house) as client:
        await sign_in_operator(client)
        for bad in ("", "   ", "x" * 501):
            status, _, text = await post(client, act, act, motif=bad)
            assert (status, 'aria-invalid="true"' in text) == (422, True)
            assert bad.strip() in text
        assert letters.ended == []
        status, place, _ = await post(client, act, act, motif="cabinet fermé")
        assert (status, place) == (303, "/desk/echecs?fait=abandonne")
        text = await (await client.get(place)).text()
        assert "Courrier abandonné." in text
    assert acts_of(letters) == [("letter-abandoned", "operator", "101", "cabinet fermé")]


async def test_a_bad_form_about_a_letter_that_somebody_ended_is_stale() -> None:
    house = staffed()
    letters = with_letters(house, MAIL, BOX)
    act = "/desk/echecs/7/abandonner"
    async with visiting(house) as client:
        await sign_in_operator(client)
        letters.dead.pop(7)
        for reason in ("", "cabinet fermé"):
            status, _, _ = await post(client, "/desk/echecs/8/abandonner", act, motif=reason)
            assert status == 409
    assert letters.ended == []


@pytest.mark.parametrize("act", ["relancer", "abandonner"])
async def test_a_form_without_its_token_ends_nothing(act: str) -> None:
    house = staffed()
    letters = with_letters(house, MAIL)
    async with visiting(house) as client:
        await sign_in_operator(client)
        path = f"/desk/echecs/7/{act}"
        assert await token_of(client, path)
        answer = await client.post(path, data={"motif": "x"}, allow_redirects=False)
        assert answer.status == 403
    assert letters.ended == []

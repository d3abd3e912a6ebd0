"""`/opposition`: code, NIR and serial number, a dated proof, no login (VAULT ACC-11, ACC-12)."""

from datetime import timedelta
from html import unescape

import pytest
from entering_house import EMAIL, ODETTE, SERIAL, Client, activated, handed, house_of_odette
from family_house import page
from pdf_words import words_of_one_page
from vault_house import House, key_of, post, visiting

from gateway.records.patients.account import AccountState, Person

SAID = (
    "Cela n'a aucun effet sur vos droits à l'assurance maladie ou vos remboursements.",
    "Votre ancien DMP, si vous en avez un, n'est pas supprimé.",
    "Vous pouvez changer d'avis à tout moment.",
)


async def oppose(client: Client, code: str, **other: str) -> tuple[int, str, str]:
    fields = {"code": code, "nir": ODETTE.ins or "", "serie": SERIAL} | other
    return await post(client, "/opposition", "/opposition", **fields)


def odette(house: House) -> Person:
    return house.people.persons[key_of(ODETTE)]


async def test_who_opposes_is_given_a_proof_that_is_the_same_the_second_time() -> None:
    house = house_of_odette(AccountState.INVITED)
    code = await handed(house, email=EMAIL)
    async with visiting(house) as client:
        assert (await oppose(client, code))[:2] == (303, "/opposition/preuve")
        _, first = await page(client, "/opposition/preuve")
        file = await client.get("/opposition/preuve/pdf")
        assert file.content_type == "application/pdf"
        pdf = await file.read()
    opposed = house.clock.at
    house.clock.at += timedelta(days=3)
    async with visiting(house) as client:
        assert (await oppose(client, code))[0] == 303
        _, again = await page(client, "/opposition/preuve")
        assert await (await client.get("/opposition/preuve/pdf")).read() == pdf
    assert (
        first.partition("<dl")[2].partition("<form")[0]
        == (again.partition("<dl")[2].partition("<form")[0])
    )
    for said in SAID:
        assert said in first
        assert said.split(",")[0] in words_of_one_page(pdf)
    assert (odette(house).state, odette(house).opposed_at) == (AccountState.OPPOSED, opposed)


async def test_nothing_but_the_state_is_changed_and_the_proof_is_all_that_leaves() -> None:
    house = house_of_odette(AccountState.INVITED)
    code = await handed(house, email=EMAIL)
    async with visiting(house) as client:
        await oppose(client, code)
    assert [one.subject for one in house.departures.then] == ["account-opposed"]
    assert house.letters.sent == []
    assert key_of(ODETTE) not in house.people.chosen
    acts = [row.trace for row in house.traces.rows if row.trace.action == "opposition"]
    assert [(one.permitted, one.rule, one.kind) for one in acts] == [(True, "P60", "patient")]


async def test_whatever_is_wrong_has_the_same_words_and_the_sixth_try_of_a_person_waits() -> None:
    house = house_of_odette(AccountState.INVITED)
    code = await handed(house)
    said = set()
    async with visiting(house) as client:
        for typed, other in (
            ("2222 2222", {}),
            (code, {"serie": "60123456780"}),
            (code, {"nir": "190087511604215"}),
            ("3333 3333", {}),
            ("4444 4444", {}),
            ("5555 5555", {}),
        ):
            status, _, text = await oppose(client, typed, **other)
            assert status == 422
            said.add(text.partition('role="alert"')[2].partition("</div>")[0])
        assert len(said) == 1
        status, _, text = await oppose(client, code)
        assert (status, 'data-refusal="trop-d-essais"' in text) == (429, True)
    assert odette(house).state is AccountState.INVITED


async def test_what_cannot_be_right_is_said_by_field_and_no_code_is_given_back() -> None:
    house = house_of_odette(AccountState.INVITED)
    async with visiting(house) as client:
        status, _, text = await oppose(client, "K7MP3XQA", nir="123", serie="1234567")
        assert status == 422
        assert "Le numéro de sécurité sociale compte 15 caractères." in text
        assert "Le numéro de série compte 8 à 13 chiffres." in text
        assert "K7MP3XQA" not in text


async def test_after_the_window_the_same_page_closes() -> None:
    house = house_of_odette(AccountState.CREATED)
    code = await handed(house, email=EMAIL)
    async with visiting(house) as client:
        assert (await oppose(client, code))[:2] == (303, "/opposition/fermer")
        assert odette(house).state is AccountState.CREATED
        place = "/opposition/fermer"
        assert (await post(client, place, place))[:2] == (303, "/opposition/preuve")
        _, shown = await page(client, "/opposition/preuve")
        assert "Preuve de fermeture" in shown
    assert odette(house).state is AccountState.CLOSED
    assert [one.subject for one in house.departures.then] == ["account-closed"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AccountState.ACTIVE, "Un profil a déjà été créé pour cette personne."),
        (AccountState.CLOSED, "Mon espace santé est déjà fermé."),
    ],
)
async def test_where_there_is_nothing_to_oppose_the_page_says_so(
    state: AccountState, words: str
) -> None:
    house = house_of_odette(state)
    code = await handed(house)
    async with visiting(house) as client:
        status, _, text = await oppose(client, code)
        assert (status, words in unescape(text)) == (422, True)
    assert odette(house).state is state


async def test_who_opposed_changes_their_mind_with_the_same_code() -> None:
    house = house_of_odette(AccountState.INVITED)
    code = await handed(house)
    async with visiting(house) as client:
        await oppose(client, code)
    opposed = odette(house).opposed_at
    async with visiting(house) as client:
        assert (await activated(client, house, code))[:2] == (303, "/activer/fin")
    assert odette(house).state is AccountState.ACTIVE
    assert odette(house).opposed_at == opposed


async def test_the_proof_is_of_this_browser_alone() -> None:
    house = house_of_odette(AccountState.INVITED)
    code = await handed(house)
    async with visiting(house) as client, visiting(house) as other:
        await oppose(client, code)
        for path in ("/opposition/preuve", "/opposition/preuve/pdf", "/opposition/fermer"):
            answer = await other.get(path, allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, "/opposition")

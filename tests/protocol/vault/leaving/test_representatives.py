"""Second parent, tuteur, withdrawal of authority: four eyes at the desk (VAULT DSK-06, REP-04,
REP-08)."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import FormData
from family_house import JADE, LEO, ROSE, Client, family, open_profile, page, tie
from support_house import DESK, PERSON, answering, find
from vault_house import (
    CLAIRE,
    MARC,
    House,
    hire,
    key_of,
    post,
    sign_in,
    sign_in_operator,
    token_of,
    visiting,
)

from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.operator import OperatorRole

FORM, WITHDRAWAL, LIST = f"{DESK}/representant", f"{DESK}/retrait", "/desk/representants"
JUDGMENT = b"%PDF-1.4 jugement"
SAID = {
    "qualite": "parent",
    "nir": MARC.ins or "",
    "nom_naissance": "durand",
    "naissance": MARC.birth_date or "",
    "nature": "judgment",
    "date": "01/03/2026",
    "fin": "",
    "etendue": "",
    "motif": "jugement reçu",
}


async def sent(
    client: Client,
    place: str,
    of: PatientIdentity,
    fields: dict[str, str],
    *,
    file: bytes = JUDGMENT,
) -> tuple[int, str, str]:
    form = FormData({"jeton": await token_of(client, place), "personne": key_of(of).hex()})
    for name, said in fields.items():
        form.add_field(name, said)
    form.add_field("papier", file, filename="papier.pdf")
    answer = await client.post(place, data=form, allow_redirects=False)
    text = (await answer.text()).replace("&#39;", "'")
    return answer.status, answer.headers.get("Location", ""), text


async def waiting(client: Client) -> list[str]:
    _, text = await page(client, LIST)
    return re.findall(r'data-kind="representant" data-id="([2-9A-Z]{8})"', text)


async def confirmed(house: House, *, place: str = "valider") -> tuple[int, str]:
    """A valideur, who is somebody else, answers the one that waits."""
    if "validations" not in house.operators.kept:
        hire(house, OperatorRole.VALIDEUR, login="validations")
    async with visiting(house) as client:
        await sign_in_operator(client, "validations")
        (one,) = await waiting(client)
        status, text = await page(client, f"{LIST}/{one}")
        assert status == 200
        assert hashlib.sha256(JUDGMENT).hexdigest() in text
        status, where, _ = await post(client, f"{LIST}/{one}", f"{LIST}/{one}/{place}")
        return status, where


def house_of_three() -> House:
    house = family()
    house.people.chosen[key_of(LEO)] = []
    tie(house, LEO, ChoiceKind.PARENT, CLAIRE)
    return house


async def sees_leo(house: House, login: str) -> bool:
    async with visiting(house) as client:
        await sign_in(client, house, login)
        _, text = await page(client, "/profils")
        return key_of(LEO).hex() in text


async def test_marc_sees_leo_once_two_agents_have_read_the_judgment() -> None:
    house = house_of_three()
    assert not await sees_leo(house, "marc81durand")
    async with answering(house) as client:
        await find(client, nir=LEO.ins or "")
        assert FORM in (await page(client, PERSON))[1]
        status, where, _ = await sent(client, FORM, LEO, SAID)
        assert (status, where) == (303, f"{PERSON}?fait=autorite")
        assert len(await waiting(client)) == 1
        assert "attend un valideur" in (await page(client, LIST))[1]
    assert not await sees_leo(house, "marc81durand"), "one agent opens nothing"
    assert await confirmed(house) == (303, f"{LIST}?fait=validee")
    assert await sees_leo(house, "marc81durand")
    told = {one.patient for one in house.activations.then}
    assert {key_of(CLAIRE), key_of(MARC)} <= told
    assert key_of(LEO) not in told
    async with visiting(house) as client:  # the first parent sees it, and cannot undo it
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        history = (await page(client, "/historique"))[1]
        assert "a confirmé un représentant légal" in history
        ended = {"representant": key_of(MARC).hex(), "id": key_of(MARC).hex()}
        status, _, _ = await post(
            client, "/parametres/partage", "/parametres/partage/retrait", **ended
        )
        assert status != 303
    assert await sees_leo(house, "marc81durand")


async def test_who_entered_it_does_not_confirm_it() -> None:
    house = house_of_three()
    both = (OperatorRole.CONSEILLER, OperatorRole.VALIDEUR)
    async with answering(house, *both) as client:
        await find(client, nir=LEO.ins or "")
        await sent(client, FORM, LEO, SAID)
        (one,) = await waiting(client)
        assert "une autre personne doit la valider" in (await page(client, f"{LIST}/{one}"))[1]
        status, _, text = await post(client, LIST, f"{LIST}/{one}/valider")
        assert (status, 'data-refusal="quatre-yeux"' in text) == (403, True)
        assert not await sees_leo(house, "marc81durand")
        status, where, _ = await post(client, LIST, f"{LIST}/{one}/ecarter")
        assert (status, where) == (303, f"{LIST}?fait=ecartee")
        assert await waiting(client) == []
        assert (await post(client, LIST, f"{LIST}/{one}/ecarter"))[0] == 404
        assert (await page(client, f"{LIST}/{one}"))[0] == 404
    assert not await sees_leo(house, "marc81durand")


async def test_a_judgment_that_withdraws_authority_ends_it_on_the_next_request() -> None:
    house = house_of_three()
    tie(house, LEO, ChoiceKind.PARENT, MARC)
    async with visiting(house) as marc:
        await sign_in(marc, house, "marc81durand")
        assert await open_profile(marc, LEO) == 303
        assert (await page(marc, "/documents"))[0] == 200
        async with answering(house) as client:
            await find(client, nir=LEO.ins or "")
            _, text = await page(client, WITHDRAWAL)
            assert "Marc DURAND" in text
            said = {"date": "01/03/2026", "motif": "jugement"}
            status, _, text = await sent(client, WITHDRAWAL, LEO, said)
            assert (status, "Choisissez le représentant" in text) == (422, True)
            said["representant"] = key_of(MARC).hex()
            assert (await sent(client, WITHDRAWAL, LEO, said))[0] == 303
        assert (await page(marc, "/documents"))[0] == 200
        assert (await confirmed(house))[0] == 303
        assert (await page(marc, "/documents"))[0] == 404
    assert {key_of(CLAIRE), key_of(MARC)} <= {one.patient for one in house.activations.then}
    async with answering(house, login="encore") as client:
        await find(client, nir=LEO.ins or "")
        status, _, text = await sent(client, WITHDRAWAL, LEO, said)
        assert (status, "n'est plus représentant" in text) == (422, True)


async def test_a_tuteur_stands_for_an_adult_until_the_last_day_of_the_judgment() -> None:
    house = family()
    said = {**SAID, "qualite": "guardian", "fin": "14/03/2026", "etendue": "personne et biens"}
    async with answering(house) as client:
        born = {"naissance": ROSE.birth_date or "", "lieu": ROSE.birth_place or ""}
        assert (await find(client, nom_naissance=ROSE.birth_family or "", **born))[0] == 303
        missing = {**said, "fin": "", "nature": "birth-certificate"}
        status, _, text = await sent(client, FORM, ROSE, missing)
        assert status == 422
        assert "Saisissez la date de fin" in text
        assert "Il faut un jugement" in text
        assert "personne et biens" in text, "what was typed is kept"
        past = {**said, "fin": "01/03/2026"}
        assert (await sent(client, FORM, ROSE, past))[0] == 422
        assert (await sent(client, FORM, ROSE, said))[0] == 303
    assert (await confirmed(house))[0] == 303
    told = {one.patient for one in house.activations.then}
    assert {key_of(ROSE), key_of(MARC)} <= told, "an adult is told too"
    async with visiting(house) as marc:
        await sign_in(marc, house, "marc81durand")
        assert "vous êtes son tuteur" in (await page(marc, "/profils"))[1]
        assert await open_profile(marc, ROSE) == 303
        assert (await page(marc, "/documents"))[0] == 200
        house.clock.at += timedelta(days=2, hours=11)
        await sign_in(marc, house, "marc81durand")
        assert "vous êtes son tuteur" not in (await page(marc, "/profils"))[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"nom_naissance": "Autre"}, "Aucune personne ne correspond"),
        ({"naissance": "01/01/1970"}, "Aucune personne ne correspond"),
        ({"nir": "199019999999938"}, "Aucune personne ne correspond"),
        ({"naissance": "31/02/1970"}, "31/02/1970"),
        ({"nir": ""}, "Il y a un problème"),
        ({"qualite": ""}, "Choisissez la qualité"),
        ({"nature": "x"}, "Choisissez la nature du papier"),
        ({"date": "13/03/2026"}, "ne peut pas être dans le futur"),
        ({"motif": ""}, "Il y a un problème"),
        ({"etendue": "x" * 201}, "au plus 200 caractères"),
        (
            {
                "nir": JADE.ins or "",
                "nom_naissance": JADE.birth_family or "",
                "naissance": JADE.birth_date or "",
            },
            "ne peut pas être enregistrée",
        ),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_waits(wrong: dict[str, str], said: str) -> None:
    house = house_of_three()
    async with answering(house) as client:
        await find(client, nir=LEO.ins or "")
        status, _, text = await sent(client, FORM, LEO, {**SAID, **wrong})
        assert (status, said in text) == (422, True)
        assert await waiting(client) == []


async def test_an_empty_file_is_no_paper() -> None:
    house = house_of_three()
    async with answering(house) as client:
        await find(client, nir=LEO.ins or "")
        status, _, text = await sent(client, FORM, LEO, SAID, file=b"")
        assert (status, "Choisissez le fichier du papier" in text) == (422, True)


async def test_what_changed_before_the_second_agent_came_is_not_done() -> None:
    house = house_of_three()
    async with answering(house) as client:
        await find(client, nir=LEO.ins or "")
        await sent(client, FORM, LEO, SAID)
    marc = house.people.persons[key_of(MARC)]
    house.people.persons[marc.key] = replace(marc, state=AccountState.CLOSED)
    assert (await confirmed(house))[0] == 409
    house.clock.at += timedelta(days=31)
    async with answering(house, OperatorRole.VALIDEUR, login="plus-tard") as client:
        assert await waiting(client) == [], "nothing waits for ever"

"""`/activer/sans-code`: the path of POL-05 without a provisional code (VAULT ACC-06, ACC-07)."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from entering_house import (
    EMAIL,
    MOBILE,
    ODETTE,
    SERIAL,
    Client,
    agreed,
    chosen,
    coded,
    handed,
    house_of_odette,
    identified,
)
from vault_house import CLAIRE, MARC, House, key_of, post, visiting

from gateway.records.patients.account import AccountState
from gateway.records.patients.invitation import OpeningPolicy
from gateway.records.readers.switches import Switch

PAGE = "/activer/sans-code"
WORDS = "Nous n&#39;avons pas réussi à vous identifier. Veuillez vérifier votre saisie."
UNMADE = (AccountState.INVITED, AccountState.OPPOSED, AccountState.CREATED)


async def asked(client: Client, **other: str) -> tuple[int, str, str]:
    fields = {"nir": ODETTE.ins or "", "serie": SERIAL, "canal": "sms", "assiste_par": "seul"}
    return await post(client, PAGE, PAGE, **(fields | other))


def state(house: House) -> AccountState:
    return house.people.persons[key_of(ODETTE)].state


@pytest.mark.parametrize("waits", UNMADE)
async def test_card_and_known_mobile_open_the_space_though_the_letters_code_ended(
    waits: AccountState,
) -> None:
    house = house_of_odette(waits)
    await handed(house, email=EMAIL, mobile=MOBILE)
    house.clock.at += timedelta(weeks=20)
    async with visiting(house) as client:
        assert PAGE in await (await client.get("/activer")).text()
        assert (await asked(client))[:2] == (303, "/activer/code")
        assert (house.letters.sent[-1]["channel"], house.letters.sent[-1]["to"]) == ("sms", MOBILE)
        assert state(house) is waits, "half-way nothing is changed"
        assert (await coded(client, house))[:2] == (303, "/activer/coordonnees")
        page = "/activer/coordonnees"
        assert (await post(client, page, page, email=EMAIL, mobile=MOBILE))[1].endswith("ant")
        assert (await chosen(client))[:2] == (303, "/activer/conditions")
        assert (await agreed(client))[:2] == (303, "/activer/code")
        assert (await coded(client, house))[:2] == (303, "/activer/fin")
    assert state(house) is AccountState.ACTIVE
    made = next(row.trace for row in house.traces.rows if row.trace.action == "activation")
    said = orjson.loads(made.details)
    assert (said["path"], said["activation_paths"]) == ("otp", ["letter", "otp"])


async def test_nobody_known_and_anything_wrong_are_answered_alike_and_nothing_is_sent() -> None:
    house = house_of_odette(AccountState.CLOSED)
    await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        wrong: tuple[dict[str, str], ...] = (
            {"serie": "60123456780"},
            {"nir": MARC.ins or ""},
            {"nir": "190087511604215"},
            {},
        )
        for other in wrong:
            status, _, text = await asked(client, **other)
            assert (status, WORDS in text) == (422, True), other
    assert house.letters.sent == []


async def test_an_unknown_contact_sends_nothing_and_an_active_space_says_so() -> None:
    house = house_of_odette(AccountState.INVITED)
    await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        assert (await asked(client, canal="email"))[1].endswith("?inconnu=email")
        assert (await asked(client, canal="pigeon"))[0] == 422
        person = house.people.persons[key_of(ODETTE)]
        house.people.persons[key_of(ODETTE)] = replace(person, state=AccountState.ACTIVE)
        status, _, text = await asked(client)
        assert (status, "Un profil a déjà été créé" in text) == (422, True)
    assert house.letters.sent == []


async def test_what_went_to_a_parent_opens_no_space_of_an_adult_by_any_way() -> None:
    house = house_of_odette(AccountState.CREATED)
    code = await handed(house, mobile=MOBILE)
    kept = house.activations.kept[key_of(ODETTE)]
    house.activations.kept[key_of(ODETTE)] = replace(kept, parent=key_of(CLAIRE).hex())
    renewal = "/activer/code-provisoire"
    born = "/".join(reversed((ODETTE.birth_date or "").split("-")))
    fields = {"nir": ODETTE.ins or "", "serie": SERIAL, "naissance": born, "canal": "sms"}
    async with visiting(house) as client:
        answers = [
            await identified(client, code),
            await asked(client),
            await post(client, renewal, renewal, **fields),
        ]
    assert [(one[0], WORDS in one[2]) for one in answers] == [(422, True)] * 3
    assert house.letters.sent == []


@pytest.mark.parametrize(
    ("path", "page", "leads"),
    [("letter", PAGE, "/activer"), ("otp", "/activer", PAGE)],
)
async def test_a_path_that_is_not_in_force_leads_to_the_other(
    path: str, page: str, leads: str
) -> None:
    house = house_of_odette(AccountState.INVITED)
    house.activations.policy = OpeningPolicy(activation_paths=Switch((path,)))
    code = await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        answer = await client.get(page, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, leads)
        shown = await (await client.get(leads)).text()
        assert f'href="{page}"' not in shown.partition("<main")[2].partition("</main")[0]
        fields = {"code": code, "nir": ODETTE.ins or "", "serie": SERIAL, "canal": "sms"}
        assert (await post(client, leads, page, **fields))[:2] == (303, leads)
    assert house.letters.sent == []

"""« Générer un nouveau code provisoire »: to a known contact alone, and the older code dies."""

from datetime import timedelta

import orjson
import pytest
from entering_house import (
    EMAIL,
    MOBILE,
    ODETTE,
    SERIAL,
    Client,
    handed,
    house_of_odette,
    identified,
)
from vault_house import CLAIRE, House, key_of, post, visiting

from gateway.records.patients.account import AccountState

PAGE = "/activer/code-provisoire"
BORN = "/".join(reversed((ODETTE.birth_date or "").split("-")))
WORDS = "Nous n&#39;avons pas réussi à vous identifier. Veuillez vérifier votre saisie."


async def asked(client: Client, **other: str) -> tuple[int, str, str]:
    fields = {"nir": ODETTE.ins or "", "serie": SERIAL, "naissance": BORN, "canal": "sms"} | other
    return await post(client, PAGE, PAGE, **fields)


def code_in(house: House) -> str:
    return "".join(house.letters.sent[-1]["body"].partition("est ")[2].partition(".")[0].split())


@pytest.mark.parametrize(("channel", "to"), [("sms", MOBILE), ("email", EMAIL)])
async def test_a_new_code_goes_to_the_contact_that_is_known_and_the_older_one_dies(
    channel: str, to: str
) -> None:
    house = house_of_odette()
    older = await handed(house, email=EMAIL, mobile=MOBILE)
    async with visiting(house) as client:
        assert PAGE in await (await client.get("/activer")).text()
        done = await asked(client, canal=channel)
        assert done[:2] == (303, f"{PAGE}?parti={channel}")
        assert "est parti par" in await (await client.get(done[1])).text()
        (sent,) = house.letters.sent
        assert (sent["channel"], sent["to"]) == (channel, to)
        code = code_in(house)
        assert (await identified(client, older))[0] == 422
        assert (await identified(client, code))[:2] == (303, "/activer/coordonnees")
    made = house.traces.rows[-2].trace
    assert (made.action, made.permitted, made.rule) == ("code-renewed", True, "P60")
    assert orjson.loads(made.details)["channel"] == channel
    assert code not in repr(house.traces.rows)


async def test_a_code_that_ended_is_made_anew() -> None:
    house = house_of_odette()
    older = await handed(house, mobile=MOBILE)
    house.clock.at += timedelta(weeks=7)
    async with visiting(house) as client:
        assert "Générez un nouveau code provisoire" in (await identified(client, older))[2]
        assert (await asked(client))[0] == 303
        assert (await identified(client, code_in(house)))[0] == 303


async def test_without_a_known_contact_no_code_is_sent_and_the_older_one_still_opens() -> None:
    house = house_of_odette()
    older = await handed(house, email=EMAIL)
    async with visiting(house) as client:
        done = await asked(client, canal="sms")
        assert done[:2] == (303, f"{PAGE}?inconnu=sms")
        text = await (await client.get(done[1])).text()
        assert "Aucun code n&#39;est parti" in text
        assert "3422" in text
        assert house.letters.sent == []
        assert (await identified(client, older))[0] == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"serie": "60123456780"},
        {"naissance": "01/02/1903"},
        {"nir": CLAIRE.ins or ""},
        {"nir": "190087511604215"},
    ],
)
async def test_whatever_is_wrong_the_words_are_the_same_and_nothing_is_sent(
    wrong: dict[str, str],
) -> None:
    house = house_of_odette()
    await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        status, _, text = await asked(client, **wrong)
        assert (status, WORDS in text) == (422, True)
    assert house.letters.sent == []
    assert len(house.pauses.seconds) == 1  # it leaves on a tick, whoever is known


async def test_who_has_a_space_already_is_told_so_and_keeps_it() -> None:
    house = house_of_odette(AccountState.ACTIVE)
    await handed(house, mobile=MOBILE)
    kept = house.activations.kept[key_of(ODETTE)]
    async with visiting(house) as client:
        assert "Un profil a déjà été créé pour cette personne." in (await asked(client))[2]
    assert house.activations.kept[key_of(ODETTE)] == kept
    assert house.letters.sent == []


async def test_nobodys_telephone_rings_twice_in_half_a_minute_nor_all_day() -> None:
    house = house_of_odette()
    await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        for _ in range(5):
            assert (await asked(client))[0] == 303
            assert (await asked(client))[0] == 429
            house.clock.at += timedelta(seconds=30)
        assert (await asked(client))[0] == 429
        house.clock.at += timedelta(hours=1)
        assert (await asked(client))[0] == 303
    assert len(house.letters.sent) == 6


async def test_five_wrong_tries_lock_this_page_and_activation_alike() -> None:
    house = house_of_odette()
    code = await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        for _ in range(5):
            assert (await asked(client, naissance="01/02/1903"))[0] == 422
        assert (await asked(client))[0] == 429
        assert (await identified(client, code))[0] == 429


async def test_an_empty_form_says_what_is_missing_beside_each_field() -> None:
    house = house_of_odette()
    async with visiting(house) as client:
        status, _, text = await asked(client, nir="", serie="", naissance="", canal="")
    assert status == 422
    for name in ("nir", "serie", "naissance", "canal"):
        assert f'id="{name}-error"' in text
    assert house.sessions.fails == {}

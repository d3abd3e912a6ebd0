"""The owner of a space that waits comes in by code and card, nobody else (VAULT ACC-03 to 10)."""

from datetime import timedelta

import orjson
import pytest
from entering_house import (
    EMAIL,
    LOGIN,
    MOBILE,
    ODETTE,
    SECRET,
    SERIAL,
    Client,
    activated,
    agreed,
    chosen,
    coded,
    handed,
    house_of_odette,
    identified,
)
from vault_house import CLAIRE, House, key_of, post, sign_in, visiting

from gateway.flows.entering.provisional import VALID
from gateway.flows.signing_in.tries import (
    IDENTIFICATION_WINDOW,
    MAX_TRIES_OF_ADDRESS,
    of_address,
)
from gateway.records.patients.account import AccountState

WORDS = "Nous n&#39;avons pas réussi à vous identifier. Veuillez vérifier votre saisie."


def state_of(house: House) -> AccountState:
    return house.people.persons[key_of(ODETTE)].state


async def test_a_space_that_waits_is_activated_page_by_page_and_its_owner_signs_in() -> None:
    house = house_of_odette()
    code = await handed(house)
    async with visiting(house) as client:
        assert (await activated(client, house, code))[:2] == (303, "/activer/fin")
        end = await (await client.get("/activer/fin")).text()
        assert "Mon espace santé est maintenant créé." in end
        assert state_of(house) is AccountState.ACTIVE
        login = house.people.logins[LOGIN]
        assert (login.email, login.mobile) == (EMAIL, MOBILE)
        assert [one["channel"] for one in house.letters.sent] == ["sms", "email", "sms"]
        fields = {"identifiant": LOGIN, "mot_de_passe": SECRET}
        assert (await post(client, "/connexion", "/connexion", **fields))[0] == 303
        assert (await coded(client, house, "/connexion/code"))[:2] == (303, "/")
    made = house.traces.rows[-2].trace
    assert (made.action, made.permitted, made.rule) == ("activation", True, "P60")
    assert orjson.loads(made.details)["assisted_by"] == "seul"
    assert code not in repr(house.traces.rows)
    assert [orjson.loads(one.payload)["notice"] for one in house.activations.then] == [
        "account-activated"
    ]


async def test_a_code_is_read_back_in_any_case_and_with_blanks() -> None:
    house = house_of_odette()
    code = (await handed(house)).lower()
    async with visiting(house) as client:
        status, place, _ = await identified(client, f" {code[:4]} {code[4:]} ")
        assert (status, place) == (303, "/activer/coordonnees")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "22222222"},
        {"serie": "60123456780"},
        {"nir": CLAIRE.ins or ""},
        {"nir": "190087511604215"},
    ],
)
async def test_whatever_is_wrong_the_words_are_the_same(wrong: dict[str, str]) -> None:
    house = house_of_odette()
    code = await handed(house)
    async with visiting(house) as client:
        status, _, text = await identified(client, code, **wrong)
        assert (status, WORDS in text) == (422, True)
        assert code not in text
    assert state_of(house) is AccountState.CREATED
    assert len(house.pauses.seconds) == 1  # it leaves on a tick, whoever is known


async def test_a_wrong_number_is_said_before_anybody_is_looked_for() -> None:
    house = house_of_odette()
    code = await handed(house)
    async with visiting(house) as client:
        short = await identified(client, code, nir="25811441090122")
        assert "Le numéro de sécurité sociale compte 15 caractères." in short[2]
        key = await identified(client, code, nir="258114410901240")
        assert (key[0], "pas correct. Vérifiez chaque chiffre" in key[2]) == (422, True)
        serial = await identified(client, code, serie="1234567")
        assert (serial[0], "8 à 13 chiffres" in serial[2]) == (422, True)
    assert house.sessions.fails == {}


async def test_five_wrong_tries_in_an_hour_lock_the_person_until_the_hour_is_over() -> None:
    house = house_of_odette()
    code = await handed(house)
    async with visiting(house) as client:
        for _ in range(5):
            assert (await identified(client, "22222222"))[0] == 422
            house.clock.at += timedelta(minutes=10)
        assert (await identified(client, code))[0] == 429
        house.clock.at += timedelta(minutes=9)
        assert (await identified(client, code))[0] == 429
        house.clock.at += timedelta(minutes=1)
        assert (await identified(client, code))[0] == 303
    refused = [row.trace for row in house.traces.rows if row.trace.action == "activation"]
    assert [one.permitted for one in refused] == [False] * 5


async def test_fifty_wrong_tries_in_an_hour_lock_an_address_whomever_they_name() -> None:
    house = house_of_odette()
    code = await handed(house)
    place = of_address("127.0.0.1", kind="activation-from", window=IDENTIFICATION_WINDOW)
    async with visiting(house) as client:
        for nir in ("190087511604215", "284037511604282"):
            assert (await identified(client, "22222222", nir=nir))[0] == 422
        for _ in range(MAX_TRIES_OF_ADDRESS - 2):
            await house.sessions.count([place], at=house.clock.now())
        house.clock.at += timedelta(minutes=59)
        assert (await identified(client, code))[0] == 429
        house.clock.at += timedelta(minutes=1)
        assert (await identified(client, code))[0] == 303


async def test_a_code_that_ended_or_was_used_says_so_to_its_owner_alone() -> None:
    house = house_of_odette()
    code = await handed(house)
    async with visiting(house) as client:
        assert (await activated(client, house, code))[0] == 303
    async with visiting(house) as other:
        again = await identified(other, code)
        assert "Un profil a déjà été créé pour cette personne." in again[2]
        assert WORDS in (await identified(other, code, serie="60123456780"))[2]
        fresh = await handed(house)
        house.clock.at += VALID
        assert "Votre code provisoire a expiré" in (await identified(other, fresh))[2]


async def test_leaving_half_way_changes_nothing_and_the_code_still_opens() -> None:
    house = house_of_odette()
    code = await handed(house, email=EMAIL, mobile=MOBILE)
    async with visiting(house) as client:
        assert (await identified(client, code))[0] == 303
        page = "/activer/coordonnees"
        known = await post(client, page, page, email=EMAIL, mobile=MOBILE)
        assert known[:2] == (303, "/activer/identifiant")  # came with the code: needs no proof
        assert (await chosen(client))[0] == 303
    assert (state_of(house), LOGIN in house.people.logins) == (AccountState.CREATED, False)
    async with visiting(house) as client:
        assert (await identified(client, code))[:2] == (303, "/activer/coordonnees")


async def test_no_page_can_be_left_out() -> None:
    house = house_of_odette()
    code = await handed(house)
    async with visiting(house) as client:
        for page in ("coordonnees", "code", "identifiant", "conditions", "fin"):
            answer = await client.get(f"/activer/{page}", allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, "/activer")
        assert (await identified(client, code))[0] == 303
        for page in ("code", "identifiant", "conditions", "fin"):
            answer = await client.get(f"/activer/{page}", allow_redirects=False)
            assert answer.headers["Location"] == "/activer/coordonnees"
        sent = await post(client, "/activer/coordonnees", "/activer/conditions", cgu="oui")
        assert sent[:2] == (303, "/activer/coordonnees")
    assert state_of(house) is AccountState.CREATED


@pytest.mark.parametrize(
    ("chosen_fields", "said"),
    [
        ({"identifiant": "Odette.58"}, "lettres minuscules"),
        ({"identifiant": "258114410901239"}, "pas un identifiant"),
        ({"identifiant": "fr7630006000011234567890189"}, "pas un identifiant"),
        ({"identifiant": "claire84durand"}, "Cet identifiant existe déjà"),
        ({"mot_de_passe": "Court-1"}, "au moins 9 caractères"),
        ({"mot_de_passe": "toutminuscule-1"}, "une majuscule"),
        ({"mot_de_passe": "Odette-2026-ok"}, "ni votre prénom"),
        ({"mot_de_passe": "M0td3p@sse2024!"}, "trop courant"),
        ({"mot_de_passe2": "Autre-Chose-99"}, "pas identiques"),
    ],
)
async def test_a_login_or_password_that_is_weak_is_refused_at_its_field(
    chosen_fields: dict[str, str], said: str
) -> None:
    house = house_of_odette()
    code = await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        await identified(client, code)
        page = "/activer/coordonnees"
        await post(client, page, page, email="", mobile=MOBILE)
        status, _, text = await chosen(client, **chosen_fields)
        assert (status, said in text) == (422, True)
        assert SECRET not in text


async def test_a_login_that_was_taken_meanwhile_is_chosen_anew_and_the_code_is_not_lost() -> None:
    house = house_of_odette()
    code = await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        await identified(client, code)
        page = "/activer/coordonnees"
        await post(client, page, page, email="", mobile=MOBILE)
        await chosen(client)
        await agreed(client)
        claires = house.people.logins["claire84durand"]
        house.people.logins[LOGIN] = claires
        assert (await coded(client, house))[:2] == (303, "/activer/identifiant?pris=oui")
        text = await (await client.get("/activer/identifiant?pris=oui")).text()
        assert "Cet identifiant existe déjà." in text
        assert (await chosen(client, identifiant="odette58bis"))[:2] == (303, "/activer/code")
        assert (await coded(client, house))[:2] == (303, "/activer/fin")
        assert house.people.logins[LOGIN] == claires


async def test_a_new_code_in_other_hands_ends_the_pages_of_the_first() -> None:
    house = house_of_odette()
    code = await handed(house, mobile=MOBILE)
    async with visiting(house) as client:
        await identified(client, code)
        page = "/activer/coordonnees"
        await post(client, page, page, email="", mobile=MOBILE)
        await chosen(client)
        await agreed(client)
        await handed(house)
        status, _, text = await coded(client, house)
        assert (status, "plus valable" in text) == (422, True)
    assert state_of(house) is AccountState.CREATED


async def test_another_code_ends_the_login_and_sessions_of_before_and_tells_the_old_contact() -> (
    None
):
    house = house_of_odette()
    async with visiting(house) as first:
        assert (await activated(first, house, await handed(house)))[0] == 303
        await sign_in_odette(first, house)
        code = await handed(house)
        async with visiting(house) as second:
            await identified(second, code)
            page = "/activer/coordonnees"
            await post(second, page, page, email="", mobile="0700000001")
            await coded(second, house)
            await chosen(
                second,
                identifiant="odette58bis",
                mot_de_passe="Autre-Lune-8-Mer",
                mot_de_passe2="Autre-Lune-8-Mer",
            )
            await agreed(second)
            assert (await coded(second, house))[:2] == (303, "/activer/fin")
        answer = await first.get("/documents", allow_redirects=False)
        assert answer.headers["Location"].startswith("/connexion")
    assert list(house.people.logins) == ["claire84durand", "marc81durand", "odette58bis"]
    warned = [one["to"] for one in house.letters.sent if "n'est plus celui" in one["body"]]
    assert warned == [EMAIL, MOBILE]


async def sign_in_odette(client: Client, house: House) -> None:
    fields = {"identifiant": LOGIN, "mot_de_passe": SECRET}
    await post(client, "/connexion", "/connexion", **fields)
    assert (await coded(client, house, "/connexion/code"))[1] == "/"


async def test_who_is_signed_in_already_is_led_home() -> None:
    house = house_of_odette()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get("/activer", allow_redirects=False)
        assert answer.headers["Location"] == "/"


async def test_a_form_of_another_site_begins_nothing() -> None:
    house = house_of_odette()
    fields = {"code": await handed(house), "nir": ODETTE.ins or "", "serie": SERIAL}
    async with visiting(house) as client:
        answer = await client.post("/activer", data=fields, allow_redirects=False)
        assert answer.status == 403
    assert house.sessions.kept == {}

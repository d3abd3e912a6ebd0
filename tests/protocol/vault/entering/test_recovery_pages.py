"""A lost login or password: codes to every known contact, and not a word to anybody else."""

from dataclasses import replace

from entering_house import Client, coded
from vault_house import CLAIRE, MARC, House, key_of, post, sign_in, visiting

from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.patient import PatientKey

NEW = "Nouveau-Soir-5-Vent"
UNKNOWN = "190087511604215"


def with_mail(house: House) -> None:
    known = house.people.logins["claire84durand"]
    house.people.logins["claire84durand"] = replace(known, email="claire@exemple.test")


async def asked(client: Client, nir: str, born: str) -> tuple[int, str, str]:
    page = "/connexion/oublie"
    return await post(client, page, page, nir=nir, naissance=born)


async def renewed(client: Client, password: str) -> tuple[int, str, str]:
    page = "/connexion/oublie/mot-de-passe"
    return await post(client, page, page, mot_de_passe=password, mot_de_passe2=password)


async def test_each_contact_is_proved_then_the_login_is_shown_and_the_password_changed() -> None:
    house = House()
    with_mail(house)
    code = "/connexion/oublie/code"
    async with visiting(house) as inside, visiting(house) as client:
        await sign_in(inside, house)
        assert (await asked(client, CLAIRE.ins or "", "12/03/1984"))[:2] == (303, code)
        assert (await coded(client, house, code))[:2] == (303, code)
        assert [one["channel"] for one in house.letters.sent[-2:]] == ["sms", "email"]
        last = await coded(client, house, code)
        assert last[:2] == (303, "/connexion/oublie/mot-de-passe")
        text = await (await client.get("/connexion/oublie/mot-de-passe")).text()
        assert "claire84durand" in text
        assert (await renewed(client, NEW))[:2] == (303, "/connexion/oublie/fin")
        assert "Votre mot de passe est changé" in await (await client.get(last[1])).text()
        shut = await inside.get("/documents", allow_redirects=False)
        assert shut.headers["Location"].startswith("/connexion")
    login = house.people.logins["claire84durand"]
    assert (login.password_hash, login.former) == (f"hash:{NEW}", ("hash:Un-mot-de-passe-9",))
    assert house.traces.rows[-1].trace.action == "recovery"


async def test_who_is_not_known_goes_the_same_way_and_nothing_is_sent() -> None:
    house, pages = House(), []
    for nir, born in (
        (CLAIRE.ins or "", "12/03/1984"),
        (CLAIRE.ins or "", "13/03/1984"),
        (UNKNOWN, "12/03/1984"),
    ):
        async with visiting(house) as client:
            assert (await asked(client, nir, born))[:2] == (303, "/connexion/oublie/code")
            page = await (await client.get("/connexion/oublie/code")).text()
            pages.append(
                "".join(
                    part for part in page.split() if "jeton" not in part and "value" not in part
                )
            )
            wrong = await post(client, "/connexion/oublie/code", "/connexion/oublie/code", otp="x")
            assert (wrong[0], "plus valable" in wrong[2]) == (422, True)
    assert pages[0] == pages[1] == pages[2]
    assert len(house.letters.sent) == 1
    assert len(house.pauses.seconds) == 6


async def test_nobodys_telephone_rings_all_day() -> None:
    house = House()
    async with visiting(house) as client:
        for _ in range(5):
            assert (await asked(client, CLAIRE.ins or "", "12/03/1984"))[0] == 303
        assert (await asked(client, CLAIRE.ins or "", "12/03/1984"))[0] == 429
        assert (await asked(client, MARC.ins or "", "12/03/1984"))[0] == 303
    assert len(house.letters.sent) == 6


async def test_a_code_is_asked_again_after_half_a_minute_only_and_the_older_one_dies() -> None:
    house, code = House(), "/connexion/oublie/code"
    async with visiting(house) as client:
        await asked(client, CLAIRE.ins or "", "12/03/1984")
        first = house.letters.code()
        assert (await post(client, code, "/connexion/oublie/nouveau"))[0] == 429
        house.clock.at = house.clock.at.replace(minute=house.clock.at.minute + 1)
        assert (await post(client, code, "/connexion/oublie/nouveau"))[0] == 303
        if first != house.letters.code():
            assert (await post(client, code, code, otp=first))[0] == 422
        assert (await coded(client, house, code))[:2] == (303, "/connexion/oublie/mot-de-passe")


async def test_a_password_of_before_does_not_come_back() -> None:
    house, code = House(), "/connexion/oublie/code"
    async with visiting(house) as client:
        await asked(client, CLAIRE.ins or "", "12/03/1984")
        await coded(client, house, code)
        status, _, text = await renewed(client, "Un-mot-de-passe-9")
        assert (status, "Vous avez déjà eu ce mot de passe" in text) == (422, True)


async def test_a_space_that_was_shut_meanwhile_keeps_its_password() -> None:
    house, code = House(), "/connexion/oublie/code"
    async with visiting(house) as client:
        await asked(client, CLAIRE.ins or "", "12/03/1984")
        await coded(client, house, code)
        key: PatientKey = key_of(CLAIRE)
        closed: Person = replace(house.people.persons[key], state=AccountState.CLOSED)
        house.people.persons[key] = closed
        assert (await renewed(client, NEW))[0] == 422
    assert house.people.logins["claire84durand"].password_hash == "hash:Un-mot-de-passe-9"

"""Signing in through the pages, on loopback, with the doors that must stay shut."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from vault_house import (
    CLAIRE,
    PASSWORD,
    PRO_TOKEN,
    House,
    give_password,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    token_of,
    visiting,
)

from gateway.errors import GatewayError
from gateway.flows.signing_in.signin import WrongError
from gateway.records.patients.account import AccountState
from gateway.vault.fhir.porch import FHIR_STATUS
from gateway.vault.porch import PAGE_STATUS

SHUT = [one for one in AccountState if one not in (AccountState.ACTIVE, AccountState.CLOSED)]
"""Of the spaces that let nobody sign in; who closed his stands before it (`test_closing_pages`)."""


async def test_a_password_and_a_code_open_the_space() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await client.get("/")
        assert "Bonjour Claire" in await page.text()


async def test_a_page_asked_without_a_session_leads_to_the_sign_in_page() -> None:
    async with visiting(House()) as client:
        for path in ("/documents", "/historique", "/documents/0"):
            answer = await client.get(path, allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, "/connexion")


async def test_an_empty_form_names_each_field_and_keeps_the_identifier() -> None:
    async with visiting(House()) as client:
        status, _, page = await post(
            client, "/connexion", "/connexion", identifiant="", mot_de_passe=""
        )
        assert status == 422
        assert 'role="alert"' in page
        assert 'href="#identifiant"' in page
        assert page.count('aria-invalid="true"') == 2
        assert "<title>Erreur : Se connecter" in page
        _, _, page = await post(
            client, "/connexion", "/connexion", identifiant="claire84durand", mot_de_passe=""
        )
        assert 'value="claire84durand"' in page


async def test_an_unknown_person_reads_the_same_words_as_a_wrong_password() -> None:
    pages = []
    async with visiting(House()) as client:
        for login in ("claire84durand", "personne00inconnue"):
            status, _, page = await post(
                client, "/connexion", "/connexion", identifiant=login, mot_de_passe="faux"
            )
            assert status == 422
            pages.append(page.replace(login, "x"))
    assert pages[0] == pages[1]
    assert "L&#39;identifiant ou le mot de passe n&#39;est pas correct." in pages[0]


@pytest.mark.parametrize("state", SHUT)
async def test_only_an_active_account_opens(state: AccountState) -> None:
    house = House()
    key = key_of(CLAIRE)
    house.people.persons[key] = replace(house.people.persons[key], state=state)
    async with visiting(house) as client:
        status, _, _ = await give_password(client)
    assert status == 422
    assert not house.letters.sent


async def test_the_sixth_try_in_fifteen_minutes_waits() -> None:
    house = House()
    async with visiting(house) as client:
        for _ in range(5):
            status, _, _ = await post(
                client, "/connexion", "/connexion", identifiant="claire84durand", mot_de_passe="x"
            )
            assert status == 422
        data = {"jeton": await token_of(client, "/connexion")}
        data |= {"identifiant": "claire84durand", "mot_de_passe": PASSWORD}
        answer = await client.post("/connexion", data=data)
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) == 901
        assert "Trop d&#39;essais. Réessayez à 14\xa0h\xa020." in await answer.text()
        house.clock.at += timedelta(minutes=15)
        await sign_in(client, house)


async def test_a_code_is_single_use_and_dies_after_ten_minutes() -> None:
    house = House()
    async with visiting(house) as client:
        await give_password(client)
        old = house.letters.code()
        house.clock.at += timedelta(minutes=9)
        await post(client, "/connexion/code", "/connexion/nouveau")
        assert house.letters.code() != old
        status, _, page = await post(client, "/connexion/code", "/connexion/code", otp=old)
        assert status == 422
        assert "Ce code n&#39;est pas correct ou n&#39;est plus valable." in page
        house.clock.at += timedelta(minutes=2)
        answer = await client.get("/connexion/code", allow_redirects=False)
        assert answer.headers["Location"] == "/connexion"


async def test_a_new_code_is_not_sent_twice_within_thirty_seconds() -> None:
    house = House()
    async with visiting(house) as client:
        await give_password(client)
        status, _, page = await post(client, "/connexion/code", "/connexion/nouveau")
        assert status == 429
        assert 'href="/connexion/code"' in page, "the code that was sent is still good"
        house.clock.at += timedelta(seconds=31)
        status, place, _ = await post(client, "/connexion/code", "/connexion/nouveau")
        assert (status, place) == (303, "/connexion/code?code=nouveau")
        assert len(house.letters.sent) == 2


async def test_the_session_has_a_new_id_after_the_code_and_only_hashes_are_kept() -> None:
    house = House()
    async with visiting(house) as client:
        await give_password(client)
        before = set(house.sessions.kept)
        await post(client, "/connexion/code", "/connexion/code", otp=house.letters.code())
        assert before.isdisjoint(house.sessions.kept)
        secrets = {cookie.value.encode() for cookie in client.session.cookie_jar}
        assert secrets.isdisjoint(house.sessions.kept)


async def test_fifteen_idle_minutes_and_eight_hours_end_a_session() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        house.clock.at += timedelta(minutes=15)
        answer = await client.get("/documents", allow_redirects=False)
        assert answer.headers["Location"] == "/connexion?fin=session"
        assert (
            "Votre session est terminée"
            in await (await client.get("/connexion?fin=session")).text()
        )
        await sign_in(client, house)
        for _ in range(8 * 6):
            assert (await client.get("/documents", allow_redirects=False)).status == 200
            house.clock.at += timedelta(minutes=10)
        assert (await client.get("/documents", allow_redirects=False)).status == 303


async def test_leaving_is_a_form_and_kills_the_session_on_the_server() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await client.get("/deconnexion")).status in (404, 405)
        status, place, _ = await post(client, "/", "/deconnexion")
        assert (status, place) == (303, "/connexion?fin=sortie")
        assert not house.sessions.kept


async def test_signing_out_again_in_another_tab_leads_to_the_sign_in() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        other_tab = {"jeton": await token_of(client, "/documents")}
        await post(client, "/", "/deconnexion")
        answer = await client.post("/deconnexion", data=other_tab, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/connexion")


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, "wrong"),
        ({"Sec-Fetch-Site": "cross-site"}, None),
        ({"Origin": "https://elsewhere.example"}, None),
    ],
)
async def test_a_form_of_another_site_is_refused(
    headers: dict[str, str], token: str | None
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        data = {"jeton": token or await token_of(client, "/")}
        answer = await client.post("/deconnexion", data=data, headers=headers)
        assert answer.status == 403
        assert 'data-refusal="formulaire"' in await answer.text()
        assert house.sessions.kept


@pytest.mark.parametrize(
    ("body", "charset", "status"),
    [
        (b"jeton=\xff", "", 400),
        (b"jeton=%ff", "; charset=utf-999", 400),
        (b"jeton=abc", "; charset=punycode", 400),
        ("jeton=é".encode(), "", 403),
        (b"jeton=%C3%A9", "", 403),
    ],
)
async def test_a_form_that_is_no_text_is_the_senders_fault(
    body: bytes, charset: str, status: int
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        headers = {"Content-Type": "application/x-www-form-urlencoded" + charset}
        answer = await client.post("/deconnexion", data=body, headers=headers)
        assert answer.status == status
        said = {400: "pas pu être comprise", 403: "Ce formulaire"}[status]
        assert said in unescape(await answer.text())
        assert house.sessions.kept


PUNY = b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset='
PUNY += b"punycode\r\n\r\nabc\r\n--x--\r\n"


@pytest.mark.parametrize("body", [b"--x\r\nfoo", b"--x\r\n\r\nab", b"--y\r\n", PUNY])
async def test_a_form_with_files_that_is_cut_is_the_senders_fault(body: bytes) -> None:
    async with visiting(House()) as client:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = await client.post("/verifier", data=body, headers=headers)
        assert answer.status == 400


async def test_cookies_are_hidden_from_scripts_and_bound_to_the_host() -> None:
    async with visiting(House(secure_cookies=True)) as client:
        cookie = (await client.get("/connexion")).headers["Set-Cookie"]
    assert cookie.startswith("__Host-visite=")
    for flag in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert flag in cookie


async def test_a_professional_signs_in_by_token_in_the_demo_only() -> None:
    house = House()
    async with visiting(house) as client:
        status, _, page = await post(client, "/pro", "/pro/connexion", jeton_demonstration="x")
        assert status == 422
        assert "Ce jeton n&#39;est pas correct." in page
        await sign_in_professional(client)
        assert "Trouver un patient" in await (await client.get("/pro")).text()
    rooms = house.rooms()
    without = replace(rooms.sign_in, demo_tokens=False)
    with pytest.raises(WrongError):
        await without.professional(PRO_TOKEN, address="127.0.0.1")


def test_each_error_of_the_house_has_an_answer_on_pages_and_in_fhir() -> None:
    kinds = set(GatewayError.__subclasses__())
    assert kinds == set(PAGE_STATUS) == set(FHIR_STATUS)


async def test_a_code_opens_only_the_browser_that_asked_for_it() -> None:
    house = House()
    asked = {"identifiant": "claire84durand", "mot_de_passe": PASSWORD}
    async with visiting(house) as mine, visiting(house) as other:
        await post(mine, "/connexion", "/connexion", **asked)
        code = house.letters.code()
        await post(other, "/connexion", "/connexion", **asked)
        while house.letters.code() == code:
            house.clock.at += timedelta(seconds=31)
            await post(other, "/connexion/code", "/connexion/nouveau")
        status, _, _ = await post(other, "/connexion/code", "/connexion/code", otp=code)
        assert status == 422
        status, _, _ = await post(mine, "/connexion/code", "/connexion/code", otp=code)
        assert status == 303


async def test_a_form_that_is_too_long_or_of_another_type_is_refused() -> None:
    house = House()
    async with visiting(house) as client:
        token = await token_of(client, "/connexion")
        answer = await client.post("/connexion", data={"jeton": token, "identifiant": "x" * 70_000})
        assert answer.status == 403
        answer = await client.post("/connexion", json={"jeton": token})
        assert answer.status == 403

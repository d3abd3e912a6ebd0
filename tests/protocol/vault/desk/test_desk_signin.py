"""Who comes to the desk, and which pages his role opens (VAULT DSK-01)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from vault_house import PASSWORD, House, hire, post, sign_in_operator, token_of, visiting

from gateway.records.readers.operator import OperatorRole
from gateway.vault.app import PAGES
from gateway.vault.desk.places import places_of
from gateway.vault.porch import Guest

CLOSED = [
    (one.method, one.path, role)
    for one in PAGES
    if one.roles
    for role in OperatorRole
    if role not in one.roles
]


@pytest.mark.parametrize("role", OperatorRole)
async def test_the_desk_opens_the_first_page_of_the_role(role: OperatorRole) -> None:
    house = House()
    hire(house, role)
    async with visiting(house) as client:
        await sign_in_operator(client)
        answer = await client.get("/desk", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, places_of([role])[0].path)
        page = await client.get("/desk/aide")
        text = await page.text()
        assert page.status == 200
        assert "Agent 101" in text


def address(path: str) -> str:
    """The path with something in its blanks."""
    path = path.replace("{id}", "0" * 32).replace("{lane}", "forward:hopital")
    return re.sub(r"\{number:[^{}]*\{[^}]*\}\}", "1", path)


@pytest.mark.parametrize(("method", "path", "role"), CLOSED)
async def test_a_page_is_shut_to_every_role_that_it_does_not_name(
    method: str, path: str, role: OperatorRole
) -> None:
    house = House()
    hire(house, role)
    async with visiting(house) as client:
        await sign_in_operator(client)
        token = {"jeton": await token_of(client, "/desk/aide")}
        data = token if method == "POST" else None
        answer = await client.request(method, address(path), data=data)
        assert answer.status == 403
        assert 'data-refusal="role"' in await answer.text()


def test_every_page_of_the_desk_but_the_way_in_is_for_operators() -> None:
    desk = [one for one in PAGES if one.path.startswith("/desk")]
    open_ = {one.path for one in desk if one.guest is not Guest.OPERATOR}
    assert open_ == {"/desk", "/desk/connexion"}


async def test_a_wrong_password_an_unknown_login_and_a_disabled_one_get_the_same_words() -> None:
    house = House()
    one = hire(house, OperatorRole.TECHNIQUE)
    gone = hire(house, OperatorRole.TECHNIQUE, login="partie")
    house.operators.kept["partie"] = replace(gone, disabled=True)
    async with visiting(house) as client:
        texts = set()
        for login, password in (
            (one.login, "wrong"),
            ("nobody", PASSWORD),
            ("partie", PASSWORD),
        ):
            fields = {"identifiant": login, "mot_de_passe": password}
            status, _, text = await post(client, "/desk", "/desk/connexion", **fields)
            assert status == 422
            texts.add(text.replace(login, ""))
        assert len({text.partition("<main")[2] for text in texts}) == 1
        assert "L&#39;identifiant ou le mot de passe n&#39;est pas correct." in texts.pop()
    assert [row.trace.permitted for row in house.traces.rows] == [False] * 3


async def test_empty_fields_are_named_and_the_password_is_never_given_back() -> None:
    async with visiting(House()) as client:
        status, _, text = await post(
            client, "/desk", "/desk/connexion", identifiant="", mot_de_passe="secret-9"
        )
        assert status == 422
        assert "Saisissez votre identifiant" in text
        assert "secret-9" not in text


async def test_the_fourth_try_in_a_quarter_of_an_hour_is_turned_away() -> None:
    house = House()
    hire(house, OperatorRole.TECHNIQUE)
    fields = {"identifiant": "operateur1", "mot_de_passe": "wrong"}
    async with visiting(house) as client:
        for _ in range(3):
            assert (await post(client, "/desk", "/desk/connexion", **fields))[0] == 422
        fields["mot_de_passe"] = PASSWORD
        status, _, text = await post(client, "/desk", "/desk/connexion", **fields)
        assert (status, 'data-refusal="trop-d-essais"' in text) == (429, True)
        house.clock.at += timedelta(minutes=15)
        assert (await post(client, "/desk", "/desk/connexion", **fields))[0] == 303


async def test_a_form_without_its_token_signs_nobody_in() -> None:
    house = House()
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await client.get("/desk")
        fields = {"identifiant": "operateur1", "mot_de_passe": PASSWORD}
        answer = await client.post("/desk/connexion", data=fields, allow_redirects=False)
        assert answer.status == 403


async def test_who_is_disabled_is_out_with_the_next_request() -> None:
    house = House()
    one = hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        house.operators.kept[one.login] = replace(one, disabled=True)
        answer = await client.get("/desk/aide", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/desk?fin=session")


async def test_a_quarter_of_an_hour_idle_ends_the_session() -> None:
    house = House()
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        house.clock.at += timedelta(minutes=15)
        answer = await client.get("/desk/aide", allow_redirects=False)
        assert answer.status == 303


async def test_leaving_ends_at_the_desk() -> None:
    house = House()
    hire(house, OperatorRole.AUDITEUR)
    async with visiting(house) as client:
        await sign_in_operator(client)
        status, place, _ = await post(client, "/desk/aide", "/deconnexion")
        assert (status, place) == (303, "/desk?fin=sortie")
        assert (await client.get("/desk/aide", allow_redirects=False)).status == 303


async def test_an_operator_is_a_stranger_to_every_other_space() -> None:
    house = House()
    hire(house, *OperatorRole)
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in_operator(client)
        assert (await client.get("/fhir/DocumentReference")).status == 401
        page = await client.get("/")
        assert "Bilan" not in await page.text()


async def test_every_sign_in_is_in_the_log_by_number_alone() -> None:
    house = House()
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
    (row,) = house.traces.rows
    trace = row.trace
    assert (trace.kind, trace.action, trace.actor, trace.actor_name) == (
        "operator",
        "login",
        "101",
        "",
    )

"""« Autoriser » sent twice: one agreement, and the code that its first answer showed."""

import asyncio
import re
from html import unescape

from family_house import Client, family, page
from test_service_pages import LIVES, PATH, asked, in_force
from vault_house import CLAIRE, House, sign_in, token_of, visiting

STALE = 'data-refusal="version"'


def version_in(shown: str, service: str = "carnet") -> str:
    panel = shown.partition(f'data-id="{service}"')[2]
    found = re.search(r'name="version" value="([^"]*)"', panel)
    assert found is not None
    return found[1]


async def form(client: Client, **ticked: str) -> dict[str, str]:
    """As the page shows it now."""
    _, shown = await page(client, PATH)
    jeton = await token_of(client, PATH)
    return {"jeton": jeton, "service": "carnet", "version": version_in(shown), **ticked}


async def send(client: Client, fields: dict[str, str]) -> tuple[int, str, str]:
    """Status, the token that is shown, and the page."""
    answer = await client.post(PATH, data=fields, allow_redirects=False)
    shown = unescape(await answer.text())
    found = re.search(r"<code data-token>([^<]+)</code>", shown)
    return answer.status, found[1] if found else "", shown


def acts(house: House) -> int:
    return sum(row.trace.action == "service-connected" for row in house.traces.rows)


async def test_the_second_send_shows_the_same_code_and_writes_nothing() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        fields = await form(client, write="oui")
        first, second = await send(client, fields), await send(client, fields)
        assert first[:2] == second[:2]
        assert first[0] == 200
        assert len(first[1]) > 40
        assert (await asked(client, first[1], CLAIRE))[0] == LIVES
    assert acts(house) == 1
    assert len(in_force(house, CLAIRE)) == 1


async def test_two_sends_at_one_moment_are_one_agreement() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        fields = await form(client, write="oui")
        answers = await asyncio.gather(*(send(client, fields) for _ in range(3)))
        assert len({one[:2] for one in answers}) == 1
    assert acts(house) == 1


async def test_another_wish_in_the_same_form_is_told_what_stands() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        fields = await form(client, write="oui")
        await send(client, fields)
        status, token, shown = await send(client, {**fields, "read": "oui"})
        assert (status, token) == (409, "")
        assert STALE in shown
    assert acts(house) == 1
    assert in_force(house, CLAIRE)[0].scopes == ("write",)


async def test_a_form_of_before_wakes_no_token_that_was_stopped() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        fields = await form(client, write="oui")
        token = (await send(client, fields))[1]
        stop = {"jeton": await token_of(client, PATH), "service": "carnet"}
        await client.post(f"{PATH}/arret", data=stop, allow_redirects=False)
        status, shown_token, _ = await send(client, fields)
        assert (status, shown_token) == (409, "")
        assert (await asked(client, token, CLAIRE))[0] == 401
        again = (await send(client, await form(client, write="oui")))[1]
        assert again not in ("", token)
    assert len(in_force(house, CLAIRE)) == 1


async def test_a_form_of_another_session_is_told_no_token() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        fields = await form(client, write="oui")
        await send(client, fields)
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        jeton = await token_of(client, PATH)
        status, token, shown = await send(client, {**fields, "jeton": jeton})
        assert (status, token) == (409, "")
        assert STALE in shown

"""« Valider » clicked twice: the second request of a success leads where the first one led."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from vault_house import PASSWORD, House, give_password, token_of, visiting

Client = TestClient[web.Request, web.Application]
CODE = "/connexion/code"


@dataclass(frozen=True)
class Form:
    """The form of the code as one browser shows it, before it sends anything."""

    cookie: str
    jeton: str
    otp: str

    async def sent(self, client: Client, *, otp: str = "", cookie: str = "") -> ClientResponse:
        """By a browser that has forgotten every answer since."""
        client.session.cookie_jar.clear()
        return await client.post(
            CODE,
            data={"jeton": self.jeton, "otp": otp or self.otp},
            headers={"Cookie": f"session={cookie or self.cookie}"},
            allow_redirects=False,
        )


async def form_of(client: Client, house: House) -> Form:
    await give_password(client)
    jeton = await token_of(client, CODE)
    (cookie,) = (one.value for one in client.session.cookie_jar if one.key == "session")
    return Form(cookie, jeton, house.letters.code())


def said(answer: ClientResponse) -> tuple[int, str, str]:
    """Status, place and the session that the answer gives."""
    cookies = SimpleCookie(answer.headers.get("Set-Cookie", ""))
    session = cookies["session"].value if "session" in cookies else ""
    return answer.status, answer.headers.get("Location", ""), session


async def home(client: Client, secret: str) -> int:
    client.session.cookie_jar.clear()
    headers = {"Cookie": f"session={secret}"}
    return (await client.get("/documents", headers=headers, allow_redirects=False)).status


async def test_the_second_click_leads_to_the_same_place_and_counts_nothing() -> None:
    house = House()
    async with visiting(house) as client:
        form = await form_of(client, house)
        first = said(await form.sent(client))
        second = said(await form.sent(client))
        assert first == second
        assert first[:2] == (303, "/")
        assert await home(client, second[2]) == 200
    assert len(house.sessions.kept) == 1, "one session, whichever answer the browser kept"
    assert not [one for one in house.sessions.fails if one.startswith(("otp:", "address:"))]
    rows = [row.trace for row in house.traces.rows if row.trace.action == "login"]
    assert [one.permitted for one in rows] == [True]


async def test_two_clicks_at_the_same_moment_are_one_sign_in() -> None:
    house = House()
    async with visiting(house) as client:
        form = await form_of(client, house)
        answers = await asyncio.gather(form.sent(client), form.sent(client), form.sent(client))
        assert len({said(one) for one in answers}) == 1
        assert said(answers[0])[:2] == (303, "/")
    assert len([row for row in house.traces.rows if row.trace.action == "login"]) == 1


async def test_the_spent_code_opens_nothing_to_anybody_else() -> None:
    house = House()
    async with visiting(house) as client:
        form = await form_of(client, house)
        client.session.cookie_jar.clear()
        other = await form_of(client, house)
        assert said(await form.sent(client))[0] == 303
        elsewhere = await other.sent(client, otp=form.otp)
        assert elsewhere.status == 422, "a browser half signed in with the code of another one"
        stranger = await form.sent(client, cookie="somebody-else")
        assert said(stranger)[2] == ""
        assert stranger.status == 403


async def test_another_code_ends_what_the_former_session_may_be_told() -> None:
    house = House()
    async with visiting(house) as client:
        form = await form_of(client, house)
        assert said(await form.sent(client))[0] == 303
        wrong = "000000" if form.otp != "000000" else "111111"
        assert said(await form.sent(client, otp=wrong)) == (303, "/connexion?fin=session", "")
        assert said(await form.sent(client)) == (303, "/connexion?fin=session", "")


async def test_half_a_minute_later_the_form_leads_to_the_sign_in() -> None:
    house = House()
    async with visiting(house) as client:
        form = await form_of(client, house)
        assert said(await form.sent(client))[0] == 303
        house.clock.at += timedelta(seconds=30)
        assert said(await form.sent(client)) == (303, "/connexion?fin=session", "")


async def test_who_signed_out_meanwhile_is_not_let_in_by_the_same_form() -> None:
    house = House()
    async with visiting(house) as client:
        form = await form_of(client, house)
        secret = said(await form.sent(client))[2]
        house.sessions.kept.clear()
        again = said(await form.sent(client))
        assert again[2] in ("", secret)
        assert await home(client, secret) == 303
    assert not house.sessions.kept


async def test_with_the_answer_kept_the_old_form_leads_on_as_well() -> None:
    house = House()
    async with visiting(house) as client:
        form = await form_of(client, house)
        kept = said(await form.sent(client))[2]
        assert said(await form.sent(client, cookie=kept))[:2] == (303, "/")


async def test_the_first_step_sent_twice_leads_to_the_code() -> None:
    house = House()
    async with visiting(house) as client:
        jeton = await token_of(client, "/connexion")
        await give_password(client)
        data = {"jeton": jeton, "identifiant": "claire84durand", "mot_de_passe": PASSWORD}
        answer = await client.post("/connexion", data=data, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, CODE)
    assert len(house.letters.sent) == 1

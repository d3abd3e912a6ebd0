"""What a browser does in the vault's house: it fills forms, and signs in."""

from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.test_utils import TestClient

if TYPE_CHECKING:
    from vault_house import House

Browser = TestClient[web.Request, web.Application]
PASSWORD = "Un-mot-de-passe-9"
PRO_TOKEN = "token-of-doctor-roux"


async def token_of(client: Browser, path: str) -> str:
    """The hidden field of the first form of a page."""
    text = await (await client.get(path)).text()
    return text.partition('name="jeton" value="')[2].partition('"')[0]


async def post(client: Browser, page: str, action: str, **fields: str) -> tuple[int, str, str]:
    """Fills the form of a page; status, Location and body of the answer."""
    data = {"jeton": await token_of(client, page), **fields}
    answer = await client.post(action, data=data, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), await answer.text()


async def give_password(client: Browser, login: str = "claire84durand") -> tuple[int, str, str]:
    """The first of the two steps of signing in; `post`'s answer."""
    return await post(client, "/connexion", "/connexion", identifiant=login, mot_de_passe=PASSWORD)


async def sign_in(client: Browser, house: "House", login: str = "claire84durand") -> None:
    await give_password(client, login)
    code = house.letters.code()
    status, place, _ = await post(client, "/connexion/code", "/connexion/code", otp=code)
    assert (status, place) == (303, "/")


async def sign_in_professional(client: Browser) -> None:
    answer = await post(client, "/pro", "/pro/connexion", jeton_demonstration=PRO_TOKEN)
    assert answer[:2] == (303, "/pro")


async def sign_in_operator(client: Browser, login: str = "operateur1") -> None:
    fields = {"identifiant": login, "mot_de_passe": PASSWORD}
    assert (await post(client, "/desk", "/desk/connexion", **fields))[:2] == (303, "/desk")

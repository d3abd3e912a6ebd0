"""How a test fills the deposit form of /pro."""

from io import BytesIO

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient
from vault_house import (
    CLAIRE,
    key_of,
)

Client = TestClient[web.Request, web.Application]
RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
DEPOSIT = f"{RECORD}/deposer"
WORDS = {"titre": "Consultation de mars", "type": "11488-4", "date": "2026-03-10"}


async def form_of(client: Client, page: str) -> dict[str, str]:
    """The hidden fields of the deposit form."""
    text = await (await client.get(page)).text()
    return {
        name: text.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("jeton", "cle")
    }


async def send(
    client: Client, page: str, hidden: dict[str, str], body: bytes, **fields: str
) -> tuple[int, str, str]:
    form = FormData()
    for name, value in (hidden | fields).items():
        form.add_field(name, value)
    file = BytesIO(body)
    form.add_field("fichier", file, filename="a.bin", content_type="application/octet-stream")
    answer = await client.post(page, data=form, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), await answer.text()


async def deposit(client: Client, body: bytes, **fields: str) -> tuple[int, str, str]:
    return await send(client, DEPOSIT, await form_of(client, DEPOSIT), body, **(WORDS | fields))

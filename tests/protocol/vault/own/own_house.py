"""How a test fills the form of `/documents/ajouter`, and what it finds on the shelf."""

from html import unescape
from io import BytesIO

from aiohttp import FormData
from vault_house import Browser, House

from gateway.records.documents.shelved import Card, DocumentStatus

ADD, DELETE, BIN = "/documents/ajouter", "/documents/supprimer", "/documents/corbeille"
WORDS = {
    "titre": "Ma carte Vitale",
    "categorie": "DOC_ADM",
    "genre": "carte-vitale",
    "date": "2026-03-10",
    "note": "Recto seulement",
}
Answer = tuple[int, str, str]


async def text_of(client: Browser, path: str) -> str:
    return unescape(await (await client.get(path)).text())


async def hidden_of(client: Browser, page: str) -> dict[str, str]:
    text = await (await client.get(page)).text()
    return {
        name: text.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("jeton", "cle")
    }


async def send(
    client: Browser, page: str, hidden: dict[str, str], *files: bytes, **fields: str
) -> Answer:
    """Status, Location and text; without a file as a browser sends an empty field."""
    form = FormData()
    for name, value in (hidden | fields).items():
        form.add_field(name, value)
    for one in files:
        form.add_field("fichier", BytesIO(one), filename="carte.pdf", content_type="image/jpeg")
    if not files:
        form.add_field("fichier", BytesIO(), filename="", content_type="application/octet-stream")
    answer = await client.post(page, data=form, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), unescape(await answer.text())


async def add(client: Browser, *files: bytes, page: str = ADD, **fields: str) -> Answer:
    return await send(client, page, await hidden_of(client, page), *files, **(WORDS | fields))


async def delete(client: Browser, *documents: str) -> Answer:
    jeton = (await hidden_of(client, ADD))["jeton"]
    form = [("jeton", jeton), *(("documents", one) for one in documents)]
    answer = await client.post(DELETE, data=form, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), unescape(await answer.text())


def current(house: House) -> list[Card]:
    cards = (one.card for one in house.shelf.shelved.values())
    return [one for one in cards if one.status is DocumentStatus.CURRENT]

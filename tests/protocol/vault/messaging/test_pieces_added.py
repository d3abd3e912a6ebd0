"""« Ajouter à mes documents »: what came with a message becomes an own deposit (VAULT MSG-03)."""

from html import unescape

from aiohttp import FormData
from family_house import page
from message_twins import CAME, FIRST, furnished, put, received
from test_messages_pages import ONE
from vault_house import MARC, Browser, House, sign_in, token_of, visiting

from gateway.records.correspondence.letter import Attached

ADD = "/documents/ajouter"
PIECE = f"{FIRST}/{CAME}/1"
WORDS = b"Boire de l'eau.\r\n"
MAIL = (
    b"From: anne.roux@hopital.mssante.fr\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n"
    b'--x\r\nContent-Type: text/plain; name="conseils.txt"\r\nContent-Disposition: attachment\r\n'
    b"\r\n" + WORDS + b"\r\n--x\r\nContent-Type: text/html; name=page.html\r\n"
    b"Content-Disposition: attachment\r\n\r\n<p>page</p>\r\n--x--\r\n"
)
ATTACHED = (
    Attached(place=1, name="conseils.txt", mime_type="text/plain", size=len(WORDS)),
    Attached(place=2, name="page.html", mime_type="text/html", size=11),
    Attached(place=3, name="jeu.pdf", mime_type="application/pdf", size=9, refused="active"),
)


def house_with_a_letter() -> House:
    house = furnished(received(attached=ATTACHED))
    house.journal.mails[CAME] = MAIL
    return house


async def added(client: Browser, address: str, **fields: str) -> tuple[int, str, str]:
    """The form of `address` as it is sent, with these fields; status, place and page."""
    shown = (await page(client, address))[1]
    form = FormData(default_to_multipart=True)
    form.add_field("jeton", await token_of(client, address))
    form.add_field("cle", shown.partition('name="cle" value="')[2].partition('"')[0])
    for name, value in fields.items():
        form.add_field(name, value)
    answer = await client.post(ADD, data=form, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), unescape(await answer.text())


async def test_a_piece_becomes_an_own_document_and_its_writer_is_named() -> None:
    house = house_with_a_letter()
    address = f"{ADD}?piece={PIECE}"
    async with visiting(house) as client:
        await sign_in(client, house)
        letter = (await page(client, ONE))[1]
        form = unescape((await page(client, address))[1])
        status, place, _ = await added(
            client,
            address,
            piece=PIECE,
            titre="conseils",
            categorie="AUTR_DOC",
            date="2026-03-12",
            note="Reçu de Dr Anne Roux par messagerie.",
        )
        body = await (await client.get(f"{place.partition('?')[0]}/telecharger")).read()
    assert f'<a href="{address}">Ajouter à mes documents' in letter
    assert letter.count("Ajouter à mes documents") == 1, "neither a page nor what is kept back"
    assert 'value="conseils"' in form
    assert "Reçu de Dr Anne Roux par messagerie." in form
    assert 'type="file"' not in form
    assert (status, body) == (303, WORDS)
    (document,) = [one.card for one in house.shelf.shelved.values()]
    assert (document.title, document.by_patient) == ("conseils", True)


async def test_a_form_with_an_error_keeps_its_piece() -> None:
    house = house_with_a_letter()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, shown = await added(client, f"{ADD}?piece={PIECE}", piece=PIECE, titre="")
    assert status == 422
    assert f'name="piece" value="{PIECE}"' in shown
    assert house.shelf.shelved == {}


async def test_what_is_kept_back_or_of_another_box_is_not_there() -> None:
    house = house_with_a_letter()
    put(house, received(attached=ATTACHED), owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        for piece in (PIECE, f"{FIRST}/{CAME}/3", "x", f"{FIRST}/{CAME}/1/../2"):
            assert (await page(client, f"{ADD}?piece={piece}"))[0] == 404
            assert (await added(client, ADD, piece=piece, titre="A"))[0] == 404
    assert house.shelf.shelved == {}

"""« Rien de nouveau depuis votre dernière visite » on the first page (PAGES section 4, `/`)."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

from family_house import LEO, family, open_profile
from message_twins import put, received
from msgspec import structs
from vault_house import Browser, House, sign_in, visiting

QUIET = "Rien de nouveau depuis votre dernière visite"


async def home(client: Browser) -> str:
    return unescape(await (await client.get("/")).text())


async def visited(house: House) -> str:
    """The first page of a visit three days after one before."""
    async with visiting(house) as client:
        await sign_in(client, house)
        assert QUIET not in await home(client)  # nobody came before
    house.clock.at += timedelta(days=3)
    async with visiting(house) as client:
        await sign_in(client, house)
        return await home(client)


def read_house() -> House:
    """Its one document was read."""
    house = House()
    document = house.add("Bilan")
    kept = house.shelf.shelved[document]
    house.shelf.shelved[document] = replace(kept, card=structs.replace(kept.card, read=True))
    return house


async def test_where_nothing_is_new_the_day_of_the_visit_before_is_said() -> None:
    house = read_house()
    before = house.clock.now().date().isoformat()
    text = await visited(house)
    assert f'{QUIET}, le <time datetime="{before}' in text


async def test_what_waits_is_said_instead() -> None:
    house = read_house()
    house.add("Ordonnance")
    text = await visited(house)
    assert QUIET not in text
    assert "1 document non lu" in text
    house = read_house()
    put(house, received())
    text = await visited(house)
    assert QUIET not in text
    assert "1 message non lu" in text


async def test_an_empty_space_says_how_it_fills() -> None:
    text = await visited(House())
    assert QUIET not in text
    assert "Votre espace est vide pour l'instant." in text


async def test_of_a_child_no_visit_of_the_parent_is_told() -> None:
    house = family()
    document = house.add("Vaccin", owner=LEO)
    kept = house.shelf.shelved[document]
    house.shelf.shelved[document] = replace(kept, card=structs.replace(kept.card, read=True))
    await visited(house)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        assert QUIET not in await home(client)


async def test_a_refused_sign_in_is_no_visit() -> None:
    house = read_house()
    async with visiting(house) as client:
        form = {"identifiant": "claire84durand", "mot_de_passe": "faux"}
        await client.post("/connexion", data=form)
        await sign_in(client, house)
        assert QUIET not in await home(client)

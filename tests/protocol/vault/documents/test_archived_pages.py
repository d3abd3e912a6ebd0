"""« Archivés » in the vault: out of every list, and found by who asks for it (ACCESS section 8)."""

import re
from dataclasses import replace
from html import unescape

from msgspec import structs
from vault_house import (
    CLAIRE,
    House,
    key_of,
    sign_in,
    sign_in_professional,
    visiting,
)

LIST, RECORD = "/documents", f"/pro/patients/{key_of(CLAIRE).hex()}"
ARCHIVED = {"visibilite": "archives"}


def archive(house: House, title: str, *, masked: bool = False) -> str:
    name = house.add(title)
    one = house.shelf.shelved[name]
    changes = {"author_ids": ("x",), "organization": "y"} if masked else {}
    card = structs.replace(
        one.card, archived_at=house.clock.now(), masked_by_patient=masked, **changes
    )
    house.shelf.shelved[name] = replace(one, card=card)
    return name


def titles(page: str, place: str) -> list[str]:
    plain = re.sub(r"</?mark>", "", page)
    return re.findall(rf'<a href="{place}/[0-9a-f]{{32}}[^>]*>([^<]+)</a>', plain)


async def test_what_is_archived_is_in_no_list_of_the_patient_but_its_own() -> None:
    house = House()
    house.add("Glycémie")
    old = archive(house, "Hémogramme de 2019")
    async with visiting(house) as client:
        await sign_in(client, house)
        pages = {}
        for words in ({}, ARCHIVED, {"q": "2019"}, {"visibilite": "visibles"}):
            answer = await client.get(LIST, params=words)
            pages[str(words)] = unescape(await answer.text())
        own = unescape(await (await client.get(f"{LIST}/{old}")).text())
    plain, archived, found, shown = pages.values()
    assert [titles(one, LIST) for one in (plain, archived, found, shown)] == [
        ["Glycémie"],
        ["Hémogramme de 2019"],
        ["Hémogramme de 2019"],
        ["Glycémie"],
    ]
    assert 'Résultats de biologie <span class="count">(1)' in plain
    assert "1 document : archivé" in archived
    assert ("· archivé" in archived, "· archivé" in plain) == (True, False)
    assert re.search(r'<option value="archives" selected|value="archives"[^>]* checked', archived)
    assert "<dt>Archivé</dt>" in own


async def test_a_professional_finds_it_as_well_and_hears_of_none_that_is_masked() -> None:
    house = House()
    house.people.log = house.traces
    house.add("Glycémie")
    archive(house, "Hémogramme de 2019")
    archive(house, "Secret", masked=True)
    async with visiting(house) as client:
        await sign_in_professional(client)
        plain = unescape(await (await client.get(RECORD)).text())
        archived = unescape(await (await client.get(RECORD, params=ARCHIVED)).text())
    assert titles(plain, "/pro/documents") == ["Glycémie"]
    assert titles(archived, "/pro/documents") == ["Hémogramme de 2019"]
    assert ("· archivé" in archived, 'value="archives" checked' in archived) == (True, True)
    assert "1 document" in archived
    assert "Secret" not in plain + archived

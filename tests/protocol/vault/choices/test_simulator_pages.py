"""The simulator: a day to come, a care team, and what a choice not made yet would change."""

import re
from dataclasses import replace
from html import unescape

import pytest
from msgspec import structs
from vault_house import CLAIRE, House, key_of, sign_in, sign_in_professional, visiting

SIMULATOR = "/parametres/acces/simulateur"
ROUX = "p:801234567890"
ITEMS = re.compile(r'<ul[^>]*data-state="(\w+)">(.*?)</ul>', re.S)


def ours() -> tuple[House, str, str]:
    house = House()
    names = [house.add(title) for title in ("Bilan", "Psychiatrie")]
    for name in names:
        kept = house.shelf.shelved[name]
        card = structs.replace(kept.card, author_ids=("x",), organization="y")
        house.shelf.shelved[name] = replace(kept, card=card)
    return house, names[0], names[1]


async def simulated(house: House, **fields: str) -> dict[str, set[str]]:
    """Documents by list: seen, unseen, lost, gained."""
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(SIMULATOR, params={"lecteur": ROUX, **fields})
        page = unescape(await answer.text())
    assert answer.status == 200, page
    return {
        state: set(re.findall(r'data-id="([0-9a-f]{32})"', some))
        for state, some in ITEMS.findall(page)
    }


@pytest.mark.parametrize(
    ("choice", "seen_after"), [("masque", 0), ("cache", 0), ("blocage", 0), ("accord", 2)]
)
async def test_before_and_after_a_choice_and_nothing_is_changed(
    choice: str, seen_after: int
) -> None:
    house, bilan, psy = ours()
    before = await simulated(house)
    assert before["seen"] == {bilan, psy}
    after = await simulated(house, choix=choice)
    assert len(after.get("seen", ())) == seen_after
    assert after.get("lost", set()) == ({bilan, psy} if not seen_after else set())
    assert await simulated(house) == before


async def test_a_veil_over_some_documents_only() -> None:
    house, bilan, psy = ours()
    for choice in ("masque", "cache"):
        after = await simulated(house, choix=choice, documents=psy)
        assert (after["seen"], after["lost"]) == ({bilan}, {psy})


async def test_an_agreement_is_gained_by_who_has_none() -> None:
    house, bilan, psy = ours()
    house.people.chosen[key_of(CLAIRE)] = []
    assert "seen" not in await simulated(house)
    after = await simulated(house, choix="accord")
    assert after["gained"] == {bilan, psy}
    assert (await simulated(house, equipe="oui"))["seen"] == {bilan, psy}


async def test_a_day_to_come_is_seen_as_it_will_be() -> None:
    house, bilan, psy = ours()
    key = key_of(CLAIRE)
    (agreed,) = house.people.chosen[key]
    until = house.clock.now().replace(day=20, hour=23)
    house.people.chosen[key] = [replace(agreed, until=until)]
    assert (await simulated(house, date="2026-03-20"))["seen"] == {bilan, psy}
    assert "seen" not in await simulated(house, date="2026-03-22")
    house.clock.at = house.clock.at.replace(day=22)
    async with visiting(house) as client:
        await sign_in_professional(client)
        record = await (await client.get(f"/pro/patients/{key.hex()}")).text()
    assert bilan not in record, "as the simulator foretold"


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"date": "2026-03-11"}, "date"),
        ({"date": "jamais"}, "date"),
        ({"lecteur": "p:0"}, "lecteur"),
        ({"lecteur": ""}, "lecteur"),
        ({"mode": "toujours"}, "lecteur"),
    ],
)
async def test_a_bad_question_is_an_error_beside_its_field(
    fields: dict[str, str], place: str
) -> None:
    house, _, _ = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(SIMULATOR, params={"lecteur": ROUX, **fields})
        assert answer.status == 422
        assert f'id="{place}-error"' in await answer.text()

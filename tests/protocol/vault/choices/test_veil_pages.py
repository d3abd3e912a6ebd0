"""Mask or hide, one, several or all documents: foreseen first, then saved, with an end."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from msgspec import structs
from vault_house import (
    CLAIRE,
    MARC,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    token_of,
    visiting,
)

from gateway.records.patients.account import Choice, ChoiceKind
from gateway.vault.patient.choosing.veils import SHOWN_DOCUMENTS

Client = TestClient[web.Request, web.Application]
ACCESS = "/parametres/acces"
VEILS = f"{ACCESS}/documents"
RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
ROUX, PHYSICIANS, NURSES = "p:801234567890", "m:G15_10", "m:G15_60"
FORESEEN = re.compile(
    r'data-kind="foreseen" data-id="([^"]+)".*?"Avant">\D*(\d+) sur (\d+).*?"Après">\D*(\d+) sur',
    re.S,
)


def ours(*titles: str) -> tuple[House, list[str]]:
    """Claire's house, whose documents Dr Roux neither wrote nor works beside."""
    house = House()
    house.people.log = house.traces
    names = [house.add(title) for title in titles or ("Bilan", "Psychiatrie")]
    for name in names:
        kept = house.shelf.shelved[name]
        card = structs.replace(kept.card, author_ids=("x",), organization="y")
        document = replace(kept.document, authors=())
        house.shelf.shelved[name] = replace(kept, card=card, document=document)
    return house, names


async def send(client: Client, *documents: str, **fields: str) -> tuple[int, str, str]:
    """The form, with as many documents as are chosen; status, Location, body."""
    data: list[tuple[str, Any]] = [("documents", one) for one in documents]
    data += [("jeton", await token_of(client, VEILS)), *fields.items()]
    answer = await client.post(VEILS, data=data, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), unescape(await answer.text())


async def seen_by_roux(house: House) -> list[str]:
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await (await client.get(RECORD)).text()
    return re.findall(r'data-id="([0-9a-f]{32})"', page)


async def test_who_would_still_see_it_is_told_before_anything_is_saved() -> None:
    house, (bilan, psy) = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, page = await send(client, psy, masque="oui")
        assert status == 200
        told = {who: (before, after) for who, before, _, after in FORESEEN.findall(page)}
        assert told["Dr Anne Roux"] == ("1", "0")
        assert "Rien n'est encore enregistré" in page
        assert not house.shelf.shelved[psy].card.masked_by_patient
        status, place, _ = await send(client, psy, masque="oui", etape="enregistrer")
        assert (status, place) == (303, f"{ACCESS}?fait=masque")
    assert house.shelf.shelved[psy].card.masked_by_patient
    assert await seen_by_roux(house) == [bilan]


async def test_the_treating_doctor_is_among_those_who_still_see_it() -> None:
    house, (_, psy) = ours()
    treats = Choice(kind=ChoiceKind.TREATING, target=ROUX[2:], since=house.clock.now())
    house.people.chosen[key_of(CLAIRE)].append(treats)
    async with visiting(house) as client:
        await sign_in(client, house)
        _, _, page = await send(client, psy)
        assert ("Dr Anne Roux", "1", "1", "1") in FORESEEN.findall(page)
        assert "C'est votre médecin traitant." in page
        _, _, page = await send(client, psy, lecteur=PHYSICIANS)
        assert ("Dr Anne Roux", "1", "1", "1") in FORESEEN.findall(page)


async def test_all_documents_at_once_until_a_day() -> None:
    house, names = ours("Un", "Deux", "Trois")
    async with visiting(house) as client:
        await sign_in(client, house)
        wanted = {"tous": "oui", "jusqu_au": "2026-03-20", "etape": "enregistrer"}
        status, _, _ = await send(client, **wanted)
        assert status == 303
    masks = [house.shelf.shelved[name].card.mask for name in names]
    assert {one.until.isoformat() for one in masks if one and one.until} == {
        "2026-03-20T23:00:00+00:00"
    }
    assert all(masks)
    assert await seen_by_roux(house) == []


async def test_a_mask_may_begin_on_a_later_day() -> None:
    house, (_, psy) = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, page = await send(client, psy, du="2026-04-01")
        assert (status, "à partir du 1 avril 2026" in page) == (200, True)
        await send(client, psy, du="2026-04-01", etape="enregistrer")
    mask = house.shelf.shelved[psy].card.mask
    assert mask is not None
    assert mask.since.isoformat() == "2026-03-31T22:00:00+00:00"
    assert psy in await seen_by_roux(house)


@pytest.mark.parametrize("reader", [ROUX, PHYSICIANS])
async def test_what_is_hidden_from_one_reader_is_listed_and_shown_again(reader: str) -> None:
    house, (bilan, psy) = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        wanted = {"lecteur": reader, "jusqu_au": "2026-03-20", "etape": "enregistrer"}
        status, _, _ = await send(client, psy, **wanted)
        assert status == 303
        page = unescape(await (await client.get(ACCESS)).text())
        assert f'data-kind="hidden" data-id="{reader}"' in page
        assert "1 document, jusqu'au 21 mars 2026" in page
    assert await seen_by_roux(house) == [bilan]
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = {"masque": "non", "lecteur": reader, "etape": "enregistrer"}
        status, place, _ = await send(client, psy, **shown)
        assert (status, place) == (303, f"{ACCESS}?fait=visible")
        assert 'data-kind="hidden"' not in await (await client.get(ACCESS)).text()
        history = await (await client.get("/historique?moi=oui")).text()
    assert psy in await seen_by_roux(house)
    assert "a caché un document à un professionnel ou à une profession" in unescape(history)


async def test_what_is_hidden_from_another_profession_changes_nothing_for_him() -> None:
    house, (bilan, psy) = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        await send(client, psy, lecteur=NURSES, etape="enregistrer")
    assert sorted(await seen_by_roux(house)) == sorted([bilan, psy])


async def test_a_hide_ends_with_its_last_day() -> None:
    house, (_, psy) = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        await send(client, psy, lecteur=ROUX, jusqu_au="2026-03-13", etape="enregistrer")
    assert psy not in await seen_by_roux(house)
    house.clock.at = house.clock.at.replace(day=13, hour=22, minute=59, second=59)
    assert psy not in await seen_by_roux(house)
    house.clock.at += timedelta(seconds=1)
    assert psy in await seen_by_roux(house)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"jusqu_au": "2026-03-11"}, "jusqu_au"),
        ({"jusqu_au": "demain"}, "jusqu_au"),
        ({"du": "2026-03-11"}, "du"),
        ({"du": "2026-05-01", "jusqu_au": "2026-04-01", "etape": "enregistrer"}, "jusqu_au"),
        ({"du": "2026-05-01", "jusqu_au": "2026-04-01"}, "jusqu_au"),
        ({"lecteur": "p:nobody"}, "lecteur"),
        ({"lecteur": "m:GENR08"}, "lecteur"),
        ({"lecteur": "mutuelle"}, "lecteur"),
    ],
)
async def test_a_bad_wish_is_an_error_beside_its_field(fields: dict[str, str], place: str) -> None:
    house, (_, psy) = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, page = await send(client, psy, **fields)
        assert (status, f'id="{place}-error"' in page) == (422, True)
        status, _, page = await send(client)
        assert (status, "Choisissez au moins un document." in page) == (422, True)
    card = house.shelf.shelved[psy].card
    assert (card.mask, card.hides) == (None, ())


@pytest.mark.parametrize("step", ["", "enregistrer"])
async def test_another_persons_document_is_not_there_and_none_is_changed(step: str) -> None:
    house, (bilan, _) = ours()
    other = house.add("Autre", owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, page = await send(client, bilan, other, etape=step)
        assert (status, "Autre" in page) == (404, False)
        status, _, nothing = await send(client, bilan, "0" * 32, etape=step)
        assert status == 404
        assert nothing.count("Autre") == 0
    assert house.shelf.shelved[bilan].card.mask is None


async def test_a_link_chooses_its_document_also_in_a_long_record() -> None:
    house, names = ours(*(f"Bilan {number}" for number in range(SHOWN_DOCUMENTS + 2)))
    oldest = names[0]
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"{VEILS}?documents={oldest}")).text()
        assert f'value="{oldest}" checked' in page
        assert page.count(" checked> <span>Bilan") == 1
        assert f"Les {SHOWN_DOCUMENTS} plus récents" in page
        again = await (await client.get(f"{VEILS}?documents=no-document")).text()
    assert 'value="no-document"' not in again


async def test_the_page_of_a_document_names_who_would_still_see_it() -> None:
    house, (_, psy) = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        page = unescape(await (await client.get(f"/documents/{psy}")).text())
        would = page.partition('data-kind="otherwise"')[2].partition("</ul>")[0]
        assert "Dr Anne Roux" not in would
        assert f"{VEILS}?documents={psy}" in page
        await post(client, f"/documents/{psy}", f"/documents/{psy}/visibilite", masque="oui")
        page = unescape(await (await client.get(f"/documents/{psy}")).text())
        would = page.partition('data-kind="otherwise"')[2].partition("</ul>")[0]
        assert "Dr Anne Roux" in would


async def test_the_form_of_a_document_takes_an_end() -> None:
    house, (_, psy) = ours()
    place = f"/documents/{psy}"
    async with visiting(house) as client:
        await sign_in(client, house)
        past = {"masque": "oui", "jusqu_au": "2026-03-01"}
        status, _, _ = await post(client, place, f"{place}/visibilite", **past)
        assert (status, house.shelf.shelved[psy].card.mask) == (422, None)
        wanted = {"masque": "oui", "jusqu_au": "2026-03-31"}
        status, _, _ = await post(client, place, f"{place}/visibilite", **wanted)
        assert status == 303
    mask = house.shelf.shelved[psy].card.mask
    assert mask is not None
    assert mask.until is not None


@pytest.mark.parametrize("step", ["", "enregistrer"])
async def test_a_mask_that_is_neither_yes_nor_no_changes_nothing(step: str) -> None:
    house, (_, psy) = ours()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, _ = await send(client, psy, masque="zz", etape=step)
    assert status == 422
    assert house.shelf.shelved[psy].card.mask is None

"""What laboratories found of glucose and HbA1c stands among the measures (VAULT BIO-07)."""

import re
from dataclasses import replace
from html import unescape

from msgspec import structs
from result_samples import row
from vault_house import Browser, House, post, sign_in, visiting

from gateway.records.documents.document import Label

HBA1C = "4548-4"


async def text_of(client: Browser, path: str) -> str:
    answer = await client.get(path)
    assert answer.status == 200, path
    return unescape(await answer.text())


async def test_hba1c_of_a_laboratory_is_offered_once_and_taken_out_for_good() -> None:
    house = House()
    document = house.add("Bilan sanguin", label=Label.BIOLOGIE)
    kept = house.shelf.shelved[document]
    card = structs.replace(kept.card, results=1)
    house.shelf.shelved[document] = replace(kept, card=card)
    house.shelf.results[document] = [row("6.8", "2026-01-10T07:15:00Z", code=HBA1C, unit="%")]
    said = "Des données de ce document ont été ajoutées à vos mesures"
    async with visiting(house) as client:
        await sign_in(client, house)
        page = f"/mesures/{HBA1C}"
        shown = await text_of(client, page)
        assert "6,8" in shown
        assert said in await text_of(client, f"/documents/{document}")
        (one,) = re.findall(r'<tr data-kind="mesure" data-id="(\w+)"', shown)
        assert (await post(client, page, f"{page}/{one}/retirer"))[0] == 303
        assert 'data-kind="mesure"' not in await text_of(client, page)
        assert said not in await text_of(client, f"/documents/{document}")
        assert "6,8" in await text_of(client, f"/resultats/{HBA1C}")

"""The patient's list and the page of one document, by the wire."""

import re
from dataclasses import replace

import pytest
from msgspec import structs
from vault_house import MARC, House, sign_in, visiting
from vault_samples import narrative_cda

from gateway.mapping.labels import LABEL_TEXTS
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import DocumentStatus

RESULTS = "x-application/hl7-v2+er7"


def ids_of(page: str) -> list[str]:
    return re.findall(r'data-id="([0-9a-f]{32})" data-kind="document"', page)


async def test_the_list_shows_the_eight_labels_in_order_with_their_counts() -> None:
    house = House()
    house.add("Bilan")
    house.add("Genou", label=Label.RADIO_SC, type_code="18748-4")
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get("/documents")).text()
    places = [page.index(words) for words in LABEL_TEXTS.values()]
    assert places == sorted(places)
    assert 'Radio, écho, scanner, IRM <span class="count">(1)' in page
    assert 'Autres documents <span class="count">(0)' in page
    assert len(ids_of(page)) == 2


async def test_somebody_elses_document_and_one_that_is_not_there_are_the_same_page() -> None:
    house = House()
    foreign = house.add("Secret", owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        answers = []
        for place in ("", "/corps", "/telecharger", "/corps/page/1"):
            for name in (foreign, "f" * 32):
                answer = await client.get(f"/documents/{name}{place}")
                assert answer.status == 404
                answers.append((await answer.text()).replace(name, ""))
    assert len(set(answers)) == 1
    assert "Secret" not in answers[0]


async def test_fifty_three_documents_fill_three_pages_without_overlap() -> None:
    house = House()
    for number in range(53):
        house.add(f"Document {number}")
    async with visiting(house) as client:
        await sign_in(client, house)
        seen: list[str] = []
        for page in ("1", "2", "3"):
            seen += ids_of(await (await client.get("/documents", params={"page": page})).text())
    assert len(seen) == len(set(seen)) == 53


async def test_filters_keep_their_values_and_say_what_they_did() -> None:
    house = House()
    house.add("Bilan de mars", act_date="2026-03-01")
    house.add("Lettre", label=Label.CPT_REND, act_date="2026-02-01")
    asked = {"libelle": "CPT_REND", "du": "2026-01-01", "au": "2026-02-28"}
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get("/documents", params=asked)).text()
        assert len(ids_of(page)) == 1
        assert (
            "1 document : Comptes rendus, depuis le 1 janvier 2026, jusqu&#39;au 28 février 2026"
            in page
        )
        assert 'value="CPT_REND" checked' in page
        assert "Effacer les filtres" in page
        page = await (await client.get("/documents", params={"q": "bilan"})).text()
        assert len(ids_of(page)) == 1
        page = await (await client.get("/documents", params={"libelle": "DEPISTAG"})).text()
        assert "Aucun document ne correspond à ces filtres." in page


@pytest.mark.parametrize(
    "asked",
    [
        {"du": "32/12/2026"},
        {"au": "2026-02-30"},
        {"du": "2026-03-01", "au": "2026-01-01"},
    ],
)
async def test_a_date_that_is_none_is_an_error_at_its_field(asked: dict[str, str]) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        house.add("Bilan")
        answer = await client.get("/documents", params=asked)
        page = await answer.text()
    assert answer.status == 422
    assert 'aria-invalid="true"' in page
    assert all(f'value="{value}"' in page for value in asked.values()), "what was typed is kept"
    assert "<details data-filters open>" in page
    assert ids_of(page) == [], "nothing is listed as if it had been filtered"


@pytest.mark.parametrize("page", ["0", "-1", "9" * 50, "²", "x", ""])
async def test_a_page_number_that_is_none_shows_a_page_all_the_same(page: str) -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await client.get("/documents", params={"page": page})).status == 200


async def test_a_document_says_why_it_has_its_label_and_who_may_see_it() -> None:
    house = House()
    name = house.add("Bilan", body=narrative_cda("Bilan", "TSH normale"))
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}")).text()
    assert "Pourquoi ce libellé ?" in page
    assert "type:11502-2" in page
    assert "Qui peut voir ce document, et pourquoi" in page
    assert "Dr Anne Roux" in page
    assert "Personne d'autre que vous n'a consulté ce document." in page
    assert f'src="/documents/{name}/corps"' in page


async def test_a_replaced_version_is_under_its_successor_and_out_of_the_list() -> None:
    house = House()
    old, new = house.add("Bilan"), house.add("Bilan corrigé")
    one = house.shelf.shelved[old]
    house.shelf.shelved[old] = replace(
        one, card=structs.replace(one.card, status=DocumentStatus.SUPERSEDED), superseded_by=new
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        assert ids_of(await (await client.get("/documents")).text()) == [new]
        following = await (await client.get(f"/documents/{new}")).text()
        assert f'href="/documents/{old}"' in following
        page = await (await client.get(f"/documents/{old}")).text()
    assert "Une version plus récente existe : <a" in page
    assert "7 mars 2026</time></a>." in page
    assert "Modifié le" not in page
    assert "<dt>Modifié le</dt>" in following


async def test_a_version_that_was_deleted_is_not_led_to() -> None:
    house = House()
    old, new = house.add("Bilan"), house.add("Bilan corrigé")
    house.shelf.change(old, status=DocumentStatus.SUPERSEDED)
    house.shelf.shelved[old] = replace(house.shelf.shelved[old], superseded_by=new)
    house.shelf.change(new, status=DocumentStatus.WITHDRAWN)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{old}")).text()
    assert "Une version plus récente" not in page


async def test_a_card_of_the_list_says_when_it_was_modified() -> None:
    house = House()
    house.shelf.change(house.add("Bilan"), modified=True)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "modifié le <time" in await (await client.get("/documents")).text()

"""What becomes of an own deposit: replaced, withdrawn, or kept from the patient for a while."""

from dataclasses import replace
from datetime import timedelta

from deposit_house import DEPOSIT, RECORD, WORDS, deposit, form_of, send
from msgspec import structs
from vault_house import (
    CLAIRE,
    MARC,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)

from gateway.records.documents.shelved import DocumentStatus


async def test_a_receipt_is_its_depositors_alone() -> None:
    house = House()
    elsewhere = f"/pro/patients/{key_of(MARC).hex()}"
    async with visiting(house) as client:
        await sign_in_professional(client)
        _, place, _ = await deposit(client, b"Bonjour")
        assert (await client.get(place)).status == 200
        another = await client.get(place.replace(RECORD, elsewhere))
        assert another.status == 404, "a receipt never stands under another patient's name"
        house.people.pros[0] = replace(house.people.pros[0], id="809999999999")
        session = next(iter(house.sessions.kept.values()))
        house.sessions.kept[session.id_hash] = replace(session, subject="809999999999")
        assert (await client.get(place)).status == 404
        assert (await client.get(f"{RECORD}/depots/none")).status == 404


async def test_an_own_deposit_is_replaced_by_its_author_and_by_nobody_else() -> None:
    house = House()
    foreign = house.add("Bilan")
    card = house.shelf.shelved[foreign].card
    house.shelf.shelved[foreign] = replace(
        house.shelf.shelved[foreign],
        card=structs.replace(card, author_ids=("x",), organization="y"),
    )
    async with visiting(house) as client:
        await sign_in_professional(client)
        await deposit(client, b"Version 1")
        old = next(one for one in house.shelf.shelved if one != foreign)
        page = f"/pro/documents/{old}/remplacer"
        hidden = await form_of(client, page)
        status, _, _ = await send(client, page, hidden, b"Version 2", **WORDS)
        assert status == 303
        assert house.shelf.shelved[old].card.status is DocumentStatus.SUPERSEDED
        status, _, _ = await send(
            client, f"/pro/documents/{foreign}/remplacer", hidden, b"Faux", **WORDS
        )
        assert status == 404
        assert (await client.get(f"/pro/documents/{foreign}/remplacer")).status == 404
        assert (await client.get(f"/pro/documents/{foreign}/retirer")).status == 404
        status, _, _ = await post(client, "/pro", f"/pro/documents/{foreign}/retirer")
        assert status == 404
    assert house.shelf.shelved[foreign].card.status is DocumentStatus.CURRENT
    rules = [row.trace.rule for row in house.traces.rows if not row.trace.permitted]
    assert "F58" in rules, "the refused try is in the patient's history"


async def test_a_form_about_a_version_that_was_replaced_is_the_same_deposit_or_stale() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await deposit(client, b"Version 1")
        (old,) = house.shelf.shelved
        page = f"/pro/documents/{old}/remplacer"
        hidden = await form_of(client, page)
        first = await send(client, page, hidden, b"Version 2", **WORDS)
        again = await send(client, page, hidden, b"Version 2", **WORDS)
        assert first[:2] == again[:2], "a second click is the same deposit"
        for late in (hidden, await form_of(client, DEPOSIT)):
            status, _, text = await send(client, page, late, b"Version 3", **WORDS)
            assert status == 409, "only the latest version is replaced"
            assert 'data-refusal="plus-en-cours"' in text
            assert f'href="{RECORD}/depots"' in text
        assert (await client.get(page)).status == 409
        client.session.cookie_jar.clear()
    assert len(house.shelf.shelved) == 2


async def test_a_withdrawn_deposit_is_gone_for_all_and_told() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await deposit(client, b"Bonjour")
        (name,) = house.shelf.shelved
        page = f"/pro/documents/{name}/retirer"
        assert "définitive" in await (await client.get(page)).text()
        status, place, _ = await post(client, page, page)
        assert (status, place) == (303, f"{RECORD}/depots?fait=retire")
        own = await (await client.get(place)).text()
        assert "supprimé" in own
        assert f"{name}/retirer" not in own
        assert (await client.get(f"/pro/documents/{name}")).status == 404
        assert (await client.get(page)).status == 409
        status, _, again = await post(client, "/pro", page)
        assert (status, "déjà supprimé" in again) == (409, True)
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        assert (await client.get(f"/documents/{name}")).status == 404
        page = await (await client.get("/historique")).text()
        assert "supprimé par le professionnel de santé qui l&#39;a déposé" in page
        assert f'href="/documents/{name}"' not in page
    assert house.shelf.shelved[name].card.status is DocumentStatus.WITHDRAWN


async def test_hidden_from_the_patient_until_announced() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        text = await (await client.get(DEPOSIT)).text()
        assert "le 26 mars 2026" in text, "the effect in days"
        assert "le 12 avril 2026" in text
        assert "Invisible aux représentants légaux" not in text, "an adult"
        await deposit(client, b"Mauvaise nouvelle", invisible_patient="oui", masque_ps="oui")
        (one,) = house.shelf.shelved.values()
        assert set(one.card.codes) == {"N", "INVISIBLE_PATIENT", "MASQUE_PS"}
        assert one.card.id in await (await client.get(RECORD)).text(), "its depositor sees it"
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        assert one.card.id not in await (await client.get("/documents")).text()
        house.clock.at += timedelta(days=32)
        await sign_in(client, house)
        assert one.card.id in await (await client.get("/documents")).text()


async def test_a_second_click_finds_the_document_announced() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await deposit(client, b"Mauvaise nouvelle", invisible_patient="oui")
        (name,) = house.shelf.shelved
        act = f"/pro/documents/{name}/annonce"
        for _ in range(2):
            assert (await post(client, RECORD, act))[:2] == (303, f"{RECORD}?fait=annonce")
        other = house.add("Bilan")
        assert (await post(client, RECORD, f"/pro/documents/{other}/annonce"))[0] == 404
        house.people.chosen.clear()
        assert (await post(client, RECORD, act))[0] == 303, "it stays the depositor's own"
    told = [row.trace for row in house.traces.rows if row.trace.action == "announce"]
    assert [one.permitted for one in told] == [True, False, False, False]


async def test_a_minors_document_may_be_kept_from_the_representatives() -> None:
    house = House()
    person = house.people.persons[key_of(CLAIRE)]
    young = replace(person.identity, birth_date="2012-03-12")
    house.people.persons[key_of(CLAIRE)] = replace(person, identity=young)
    async with visiting(house) as client:
        await sign_in_professional(client)
        text = await (await client.get(DEPOSIT)).text()
        assert "Invisible aux représentants légaux" in text
        status, _, _ = await deposit(client, b"Bonjour", invisible_representants="oui")
    assert status == 303
    (one,) = house.shelf.shelved.values()
    assert "INVISIBLE_REPRESENTANTS_LEGAUX" in one.card.codes

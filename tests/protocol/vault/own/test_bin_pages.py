"""« Supprimer » and « Corbeille »: what a patient throws away and takes back (VAULT DOC-07, 08)."""

from datetime import timedelta

from own_house import BIN, DELETE, add, current, delete, hidden_of, text_of
from vault_house import MARC, Browser, House, sign_in, sign_in_professional, visiting

from gateway.records.documents.shelved import DocumentStatus

THEIRS = (
    "Vous ne pouvez pas supprimer ce document car il a été ajouté par un professionnel de santé ou "
    "Mon espace santé."
)


async def own(client: Browser, house: House, count: int = 1) -> list[str]:
    for number in range(count):
        await add(client, b"Bonjour %d" % number, titre=f"Note {number}", categorie="AUTR_DOC")
    return [one.id for one in current(house) if one.by_patient]


async def test_a_deleted_document_is_in_no_list_but_in_the_bin_and_comes_back() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        (mine,) = await own(client, house)
        asked = await text_of(client, f"{DELETE}?documents={mine}")
        status, place, _ = await delete(client, mine)
        listed = await text_of(client, "/documents")
        gone = await client.get(f"/documents/{mine}")
        bin_ = await text_of(client, place)
        again = await delete(client, mine)
        jeton = (await hidden_of(client, BIN))["jeton"]
        back = await client.post(
            f"/documents/{mine}/restaurer", data={"jeton": jeton}, allow_redirects=False
        )
        twice = await client.post(
            f"/documents/{mine}/restaurer", data={"jeton": jeton}, allow_redirects=False
        )
        shown = await text_of(client, back.headers["Location"])
    assert f'value="{mine}" checked' in asked
    assert (status, place) == (303, f"{BIN}?fait=supprime")
    assert "Note 0" not in listed
    assert gone.status == 404
    assert "Note 0" in bin_
    assert "11 avril 2026" in bin_
    assert again[:2] == (status, place), "a second click"
    assert (twice.status, twice.headers["Location"]) == (303, back.headers["Location"])
    assert "Document restauré" in shown
    told = [(one.trace.action, one.trace.rule) for one in house.traces.rows if one.trace.document]
    assert told.count(("delete", "P25")) == 1
    assert told.count(("restore", "P25")) == 1
    assert [one.id for one in current(house)] == [mine]


async def test_a_selection_with_one_document_of_a_professional_deletes_none() -> None:
    house = House()
    theirs = house.add("Compte rendu")
    async with visiting(house) as client:
        await sign_in(client, house)
        (mine,) = await own(client, house)
        mixed = await delete(client, mine, theirs)
        asked = await client.get(f"{DELETE}?documents={theirs}")
    assert mixed[0] == asked.status == 403
    assert THEIRS in mixed[2]
    assert len(current(house)) == 2
    refused = [one.trace for one in house.traces.rows if not one.trace.permitted]
    assert [(one.action, one.rule, one.document) for one in refused] == [("delete", "F33", theirs)]


async def test_what_is_not_there_or_not_ones_own_is_told_alike_and_deletes_none() -> None:
    house = House()
    marcs = house.add("De Marc", owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        (mine,) = await own(client, house)
        other = await delete(client, mine, marcs)
        nothing = await delete(client, mine, "0" * 32)
        stolen = await client.get(f"{DELETE}?documents={marcs}")
    assert other[0] == nothing[0] == stolen.status == 404
    assert mine in {one.id for one in current(house)}


async def test_ten_at_most_are_deleted_at_once() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        mine = await own(client, house, 2)
        too_many = await delete(client, *mine, *(f"{one:032x}" for one in range(9)))
        none = await delete(client)
        both = await delete(client, *mine)
    assert (too_many[0], none[0], both[0]) == (422, 422, 303)
    assert "Choisissez 10 documents au plus." in too_many[2]
    assert "Choisissez au moins un document." in none[2]
    assert current(house) == []


async def test_a_version_that_was_replaced_meanwhile_deletes_nothing() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        (mine,) = await own(client, house)
        await add(client, page=f"/documents/{mine}/modifier", categorie="AUTR_DOC")
        late = await delete(client, mine)
    assert late[0] == 409
    assert len(current(house)) == 1


async def test_after_thirty_days_nothing_is_taken_back() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        (mine,) = await own(client, house)
        await delete(client, mine)
        house.clock.at += timedelta(days=30)
        await sign_in(client, house)
        jeton = (await hidden_of(client, "/documents/ajouter"))["jeton"]
        late = await client.post(f"/documents/{mine}/restaurer", data={"jeton": jeton})
        page = await text_of(client, BIN)
    assert late.status == 404
    assert "La corbeille est vide." in page
    assert house.shelf.shelved[mine].card.status is DocumentStatus.WITHDRAWN


async def test_a_professional_has_no_bin_and_deletes_nothing_of_the_patients() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        (mine,) = await own(client, house)
        client.session.cookie_jar.clear()
        await sign_in_professional(client)
        page = await client.get(BIN, allow_redirects=False)
        record = await text_of(client, f"/pro/documents/{mine}")
    assert page.status == 303
    assert "Note 0" in record
    assert "Supprimer" not in record
    assert "Modifier" not in record

"""« Directives anticipées » as a document: one in force, the old kept as a version (PRO-06)."""

import re

import pytest
from family_house import LEO, ROSE, family, open_profile, tie
from own_house import ADD, BIN, WORDS, Answer, add, current, delete, hidden_of, send, text_of
from vault_house import CLAIRE, MARC, Browser, House, post, sign_in, visiting

from gateway.records.patients.account import ChoiceKind

FILE, OTHER = b"Ni sonde ni machine.\nLyon, le 10 mars 2026", b"Tout ce qui est possible."
SAID = {"titre": "Mes directives", "categorie": "DIRECTIVES", "genre": "", "note": ""}
PROFILE, FORM = "/profil/entourage", "/profil/entourage/ajouter/directives"


async def filed(client: Browser, file: bytes = FILE, **fields: str) -> Answer:
    return await add(client, file, **(SAID | fields))


async def written(client: Browser) -> Answer:
    return await post(client, FORM, FORM, texte="Ni sonde ni machine", date="10/03/2026")


async def test_a_new_file_replaces_the_one_before_which_stays_as_a_version() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "categorie=DIRECTIVES" in await text_of(client, PROFILE)
        page = await text_of(client, f"{ADD}?categorie=DIRECTIVES")
        assert re.search(r'value="DIRECTIVES" checked', page)
        status, first, _ = await filed(client)
        assert status == 303
        hidden = await hidden_of(client, ADD)
        for _ in range(2):
            status, second, text = await send(client, ADD, hidden, OTHER, **(WORDS | SAID))
            assert status == 303, re.findall(r'role="alert".*?</ul>', text, re.S)
        (one,) = current(house)
        assert (one.type_code, one.by_patient) == ("EXPPAT_3", True)
        assert house.shelf.bodies[one.id] == OTHER
        assert one.id in second
        page = await text_of(client, f"/documents/{one.id}")
        assert "Versions précédentes" in page
        assert first.partition("?")[0] in page
        page = await text_of(client, PROFILE)
        assert one.id in page
        assert FORM not in page, "one in force: it is a document"
        assert "Elles sont un document" in page


async def test_what_is_written_in_the_profile_is_taken_away_first_and_the_other_way_round() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await written(client))[0] == 303
        status, _, text = await filed(client)
        assert (status, 'data-refusal="directives"' in text) == (409, True)
        assert "écrites dans votre profil médical" in text
        assert "Mes directives" in text, "what was typed is kept"
        assert current(house) == []
        (identifier,) = house.entries.kept
        place = f"/profil/entrees/{identifier}"
        assert (await post(client, f"{place}/supprimer", f"{place}/supprimer", version="1"))[
            0
        ] == 303
        assert (await filed(client))[0] == 303
        status, _, text = await written(client)
        assert (status, "Vos directives anticipées sont un document" in text) == (409, True)


async def test_one_that_comes_back_from_the_bin_stands_beside_no_other() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await filed(client)
        (one,) = current(house)
        assert (await delete(client, one.id))[0] == 303
        assert (await written(client))[0] == 303
        status, _, text = await post(client, BIN, f"/documents/{one.id}/restaurer")
        assert (status, 'data-refusal="directives"' in text) == (409, True)
        assert current(house) == []


async def test_another_document_becomes_directives_only_where_there_are_none() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await add(client, b"Notes", categorie="AUTR_DOC", genre=""))[0] == 303
        (notes,) = current(house)
        await filed(client)
        page = f"/documents/{notes.id}/modifier"
        status, _, text = await add(client, page=page, **SAID)
        assert (status, "Remplacez leur fichier" in text) == (409, True)
        (own,) = (one for one in current(house) if one.type_code == "EXPPAT_3")
        status, _, _ = await add(client, OTHER, page=f"/documents/{own.id}/modifier", **SAID)
        assert status == 303
        assert len([one for one in current(house) if one.type_code == "EXPPAT_3"]) == 1


@pytest.mark.parametrize("kind", [ChoiceKind.GUARDIAN, ChoiceKind.CAREGIVER])
async def test_nobody_files_the_directives_of_another(kind: ChoiceKind) -> None:
    house = family()
    if kind is ChoiceKind.GUARDIAN:
        house.people.chosen.clear()
    tie(house, ROSE, kind, CLAIRE)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, ROSE) == 303
        assert "DIRECTIVES" not in await text_of(client, ADD)
        status, _, text = await filed(client)
        assert (status, "dans son propre espace" in text) == (422, True)
        assert FORM not in await text_of(client, PROFILE)
        assert (await written(client))[0] == 403
    assert current(house) == []
    assert not house.entries.kept


async def test_of_a_child_there_are_none() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        status, _, text = await filed(client)
        assert (status, "personne majeure" in text) == (422, True)


async def test_a_caregiver_changes_no_directives_either() -> None:
    house = family()
    tie(house, CLAIRE, ChoiceKind.CAREGIVER, MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await written(client))[0] == 303
        (identifier,) = house.entries.kept
        before = house.entries.kept[identifier][-1].content
    place = f"/profil/entrees/{identifier}/modifier"
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        assert await open_profile(client, CLAIRE) == 303
        page = "/profil/entourage"
        status, _, text = await post(client, page, place, texte="Tout", version="1")
        assert (status, "Vous n'avez pas écrit" in text.replace("&#39;", "'")) == (403, True)
        assert (await client.get(place)).status == 403
        assert f"{identifier}/modifier" not in await text_of(client, page)
    assert house.entries.kept[identifier][-1].content == before

"""Own documents filed by who acts for the patient, and told of as such (VAULT REP-13)."""

from family_house import LEO, ROSE, family, open_profile
from own_house import ADD, WORDS, add, current, delete, hidden_of, send, text_of
from vault_house import key_of, sign_in, visiting


async def test_a_parent_files_for_a_child_under_the_own_name_and_role() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        status, place, _ = await add(client, b"Bonjour", titre="Carnet", categorie="AUTR_DOC")
        page = await text_of(client, place)
        changed = await add(client, page=place.partition("?")[0] + "/modifier", titre="Cahier")
        gone = await delete(client, changed[1].partition("?")[0].rpartition("/")[2])
    assert (status, changed[0], gone[0]) == (303, 303, 303)
    assert "Claire DURAND" in page
    (first, _) = house.shelf.shelved.values()
    (author,) = first.document.authors
    assert (author.kind, author.role) == ("person", "représentant légal")
    assert first.card.patient == key_of(LEO)
    acts = [
        (one.trace.kind, one.trace.actor_name, one.trace.patient)
        for one in house.traces.rows
        if one.trace.action in ("deposit", "replace", "delete")
    ]
    assert acts == [("representative", "Claire DURAND", key_of(LEO))] * 4


async def test_the_holder_reads_who_filed_it_as_his_caregiver() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house, login="marc81durand")
        await open_profile(client, ROSE)
        form = await text_of(client, ADD)
        status, _, _ = await add(client, b"Bonjour", categorie="ORD_SOIN")
        client.session.cookie_jar.clear()
        await sign_in(client, house, login="rose52pelletier")
        history = await text_of(client, "/historique")
        listed = await text_of(client, "/documents")
    assert status == 303
    assert "Le verront" not in form, "who sees it is the holder's to know"
    assert "par Marc DURAND, proche aidant" in history
    assert "a déposé un document" in history
    assert "Ma carte Vitale" in listed
    assert [one.by_patient for one in current(house)] == [True]


async def test_a_caregiver_whose_right_ended_meanwhile_files_nothing() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house, login="marc81durand")
        await open_profile(client, ROSE)
        hidden = await hidden_of(client, ADD)
        house.people.chosen[key_of(ROSE)] = []
        status, _, _ = await send(client, ADD, hidden, b"Bonjour", **WORDS)
    assert status == 404
    assert house.shelf.shelved == {}


async def test_the_holder_is_told_beforehand_what_a_caregiver_may_do() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house, login="marc81durand")
        await open_profile(client, ROSE)
        status, place, _ = await add(client, b"Bonjour", titre="Carnet", categorie="AUTR_DOC")
        changed = await add(client, page=place.partition("?")[0] + "/modifier", titre="Cahier")
        gone = await delete(client, changed[1].partition("?")[0].rpartition("/")[2])
        client.session.cookie_jar.clear()
        await sign_in(client, house, login="rose52pelletier")
        told = await text_of(client, "/parametres/aidants")
    may, _, may_not = told.partition("Ne peut pas")
    assert (status, changed[0], gone[0]) == (303, 303, 303)
    assert "ajouter des documents, modifier ou supprimer ceux qu'aucun professionnel" in may
    assert "document ajouté par un professionnel" in may_not
    assert "ajouter, modifier ou supprimer" not in may_not

"""`/vaccination`: the list, its form, and what is to come (VAULT VAC-01, VAC-03, VAC-04)."""

from dataclasses import replace

import pytest
from family_house import LEO, ROSE, family, open_profile, page, tie
from vaccination_house import ADD, PATH, PRO, REVAXIS, add, coming, ids, opened, rows
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

from gateway.records.patients.account import ChoiceKind
from gateway.vault.vaccination import words as said


async def test_a_patient_adds_changes_and_deletes_an_own_vaccination() -> None:
    house = House()
    async with visiting(house) as client:
        assert said.NONE in await opened(client, house)
        more = {"lot": "L-7", "lieu": "Pharmacie", "vaccinateur": "M. Fictif", "dose": "rappel"}
        assert (await add(client, **REVAXIS, **more))[:2] == (303, f"{PATH}?fait=ajout")
        _, text = await page(client, f"{PATH}?fait=ajout")
        assert rows(text) == [("notée", "Revaxis")]
        for words in (
            "Vaccination ajoutée",
            "10 janvier 2026",
            "Contre : diphtérie, tétanos, poliomyélite",
            "Dose : rappel · Lot : L-7 · Lieu : Pharmacie · Vaccinateur : M. Fictif",
            "ajoutée par vous",
        ):
            assert words in text
        (name,) = ids(text)
        place = f"{PATH}/{name}"
        _, form = await page(client, f"{place}/modifier")
        assert 'value="L-7"' in form
        sent = {**REVAXIS, "lot": "L-8", "version": "1"}
        for _ in range(2):  # of a second click the first one changed it
            status, _, text = await post(client, ADD, f"{place}/modifier", **sent)
        assert (status, 'data-refusal="version"' in text) == (409, True)
        assert "Lot : L-8" in (await page(client, PATH))[1]
        _, asked = await page(client, f"{place}/supprimer")
        assert "Revaxis du 10 janvier 2026" in asked
        for _ in range(2):
            done = await post(client, ADD, f"{place}/supprimer", version="2")
            assert done[:2] == (303, f"{PATH}?fait=suppression")
        assert said.NONE in (await page(client, PATH))[1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"date": "1984-03-11", "vaccin": "BCG"}, said.BEFORE_BIRTH),
        ({"date": "2026-03-13", "vaccin": "BCG"}, said.IN_FUTURE),
        ({"date": "", "vaccin": "BCG"}, said.GIVE_DATE),
        ({"date": "30/02/2026", "vaccin": "BCG"}, "Saisissez une date"),
        ({"date": "2026-01-10", "vaccin": " "}, said.GIVE_VACCINE),
        ({**REVAXIS, "lot": "x" * 201}, "Raccourcissez à 200 caractères au plus."),
        ({**REVAXIS, "commentaire": "x" * 3_001}, "3\N{NO-BREAK SPACE}000 caractères"),
        ({**REVAXIS, "valences": "peste"}, said.UNKNOWN_VALENCE),
    ],
)
async def test_a_wrong_field_is_422_and_what_was_typed_stays(
    fields: dict[str, str], words: str
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, text = await add(client, **fields, dose="2e dose")
    assert status == 422
    assert words in text.replace("&#39;", "'")
    assert 'value="2e dose"' in text
    assert not house.entries.kept


async def test_the_same_form_sent_twice_adds_one_line() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        form = {**REVAXIS, "cle": "k" * 43}
        for _ in range(2):
            assert (await post(client, ADD, ADD, **form))[0] == 303
        assert (await post(client, ADD, ADD, **REVAXIS, cle="?"))[0] == 422
    assert len(house.entries.kept) == 1


async def test_a_code_names_its_valences_and_a_choice_goes_before_them() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await add(client, date="12/01/2026", vaccin="60917345")
        await add(client, date="2026-01-13", vaccin="Vaccin rare", valences="grippe")
        await add(client, date="2026-01-14", vaccin="Vaccin inconnu")
        _, text = await page(client, PATH)
    assert "Contre : diphtérie, tétanos, poliomyélite" in text
    assert "Contre : grippe" in text
    assert "Maladies visées : non reconnues" in text


async def test_a_professional_confirms_and_from_then_on_it_stays_as_it_is() -> None:
    house = House()
    async with visiting(house) as client, visiting(house) as doctor:
        await sign_in(client, house)
        await add(client, **REVAXIS)
        (name,) = ids((await page(client, PATH))[1])
        await sign_in_professional(doctor)
        _, seen = await page(doctor, PRO)
        assert "Confirmer" in seen
        done = await post(doctor, PRO, f"{PRO}/{name}/confirmer", version="1")
        assert done[:2] == (303, f"{PRO}?fait=confirmee")
        assert "Confirmer" not in (await page(doctor, PRO))[1]
        _, text = await page(client, PATH)
        assert rows(text) == [("sûre", "Revaxis")]
        assert "confirmée par Dr Anne Roux" in text
        assert said.SURE in text
        assert "/modifier" not in text
        for act in ("modifier", "supprimer"):
            place = f"{PATH}/{name}/{act}"
            assert (await page(client, place))[0] == 403
            status, _, body = await post(client, ADD, place, **REVAXIS, version="2")
            assert (status, 'data-refusal="professionnel"' in body) == (403, True)
    acts = (row.trace.action for row in house.traces.rows)
    told = [one for one in acts if one.startswith("entry")]
    assert told[:2] == ["entry-added", "entry-confirmed"]


async def test_a_professional_adds_a_vaccination_that_its_patient_does_not_change() -> None:
    house = House()
    async with visiting(house) as client, visiting(house) as doctor:
        await sign_in_professional(doctor)
        added = await add(doctor, f"{PRO}/ajouter", **REVAXIS, contre_indication="oui")
        assert added[:2] == (303, f"{PRO}?fait=ajout")
        text = await opened(client, house)
        assert rows(text) == [("sûre", "Revaxis")]
        assert "ajoutée par Dr Anne Roux" in text
        assert "contre-indication" in text
        (name,) = ids(text)
        assert (await page(client, f"{PATH}/{name}/supprimer"))[0] == 403


async def test_a_professional_without_consent_sees_no_vaccination() -> None:
    house = House()
    house.people.chosen[key_of(CLAIRE)] = []
    async with visiting(house) as client, visiting(house) as doctor:
        await sign_in(client, house)
        await add(client, **REVAXIS)
        await sign_in_professional(doctor)
        _, text = await page(doctor, PRO)
        assert 'data-refusal="acces"' in text
        assert (rows(text), coming(text)) == ([], {})


async def test_both_parents_see_the_vaccinations_of_a_child_and_write_them() -> None:
    house = family()
    tie(house, LEO, ChoiceKind.PARENT, MARC)
    async with visiting(house) as mother, visiting(house) as father:
        for client, login in ((mother, "claire84durand"), (father, "marc81durand")):
            await sign_in(client, house, login)
            assert await open_profile(client, LEO) == 303
        assert (await add(mother, date="2016-07-21", vaccin="DTP"))[0] == 303
        _, text = await page(father, PATH)
        assert rows(text) == [("notée", "DTP")]
        assert "Vaccinations de Léo" in text
        assert "représentant légal" in text
        assert coming(text)["dtp-1"] == "fait"
        assert coming(text)["dtp-2"] == "en retard"
        assert coming(text)["ror-1-avant-2018"] == "non renseigné"
        assert coming(text)["dtp-11-13-ans"] == "à faire"
        assert "protégé" not in text


async def test_a_line_of_somebody_else_is_not_there() -> None:
    house = family()
    async with visiting(house) as rose, visiting(house) as client:
        await sign_in(rose, house, "rose52pelletier")
        await add(rose, **REVAXIS)
        (name,) = ids((await page(rose, PATH))[1])
        await sign_in(client, house)
        for act in ("modifier", "supprimer"):
            assert (await page(client, f"{PATH}/{name}/{act}"))[0] == 404
            status, _, _ = await post(client, ADD, f"{PATH}/{name}/{act}", **REVAXIS, version="1")
            assert status == 404
    assert key_of(ROSE) == house.entries.kept[name][-1].patient


async def test_without_the_day_of_birth_no_calendar_is_shown() -> None:
    house = House()
    house.people.persons[key_of(CLAIRE)] = replace(
        house.people.persons[key_of(CLAIRE)], identity=replace(CLAIRE, birth_date="1984")
    )
    async with visiting(house) as client:
        text = await opened(client, house)
    assert "le calendrier ne peut pas être montré" in text
    assert coming(text) == {}

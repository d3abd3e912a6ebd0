"""`/mesures` as a patient and a professional fill it (VAULT section 8)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from cda_entries import VITALS
from cda_sample import structured
from family_house import LEO, family, open_profile
from vault_house import (
    CLAIRE,
    Browser,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)

from gateway.records.documents.document import Label

RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
TENSION, WEIGHT, HEIGHT, GLUCOSE, HBA1C = "85354-9", "29463-7", "8302-2", "2345-7", "4548-4"
BMI, PAIN = "39156-5", "72514-3"
KEY = "k" * 32


async def text_of(client: Browser, path: str) -> str:
    answer = await client.get(path)
    assert answer.status == 200, path
    return unescape(await answer.text())


async def add(
    client: Browser, code: str, value: str, base: str = "/mesures", **fields: str
) -> tuple[int, str, str]:
    page = f"{base}/ajouter?code={code}"
    said = {"code": code, "valeur": value, "date": "12/01/2026 07:12", "cle": f"{KEY}{value}{code}"}
    said["cle"] = re.sub(r"[^A-Za-z0-9_-]", "_", said["cle"])
    return await post(client, page, base, **(said | fields))


async def rows(client: Browser, path: str) -> list[str]:
    """What each row of the table says."""
    text = await text_of(client, path)
    found = re.findall(r'<tr data-kind="mesure".*?</tr>', text, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", one) for one in found]


async def ids(client: Browser, path: str) -> list[str]:
    return re.findall(r'<tr data-kind="mesure" data-id="(\w+)"', await text_of(client, path))


async def test_claire_types_13_8_and_reads_130_80_with_what_she_typed() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await add(client, TENSION, "13/8")
        assert (status, place) == (303, f"/mesures/{TENSION}?fait=ajoute")
        (row,) = await rows(client, f"/mesures/{TENSION}")
        assert "130/80\N{NO-BREAK SPACE}mmHg" in row.replace(" mmHg", "\N{NO-BREAK SPACE}mmHg")
        assert "valeur d'origine : 13/8" in row
        assert "saisie par vous" in row
        assert "130/80" in await text_of(client, "/mesures")
        await add(client, TENSION, "128", valeur2="76", date="13/01/2026")
        text = await text_of(client, f"/mesures/{TENSION}")
        assert '<svg class="plot" role="img"' in text
        assert "Dernière valeur : 128/76" in text
        assert text.count('class="shape lozenge"') == 3  # two points, one in the legend


async def test_a_glycemie_in_mmol_shows_both_numbers_and_its_moment() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await add(client, GLUCOSE, "7.0", unite="mmol/L", moment="53049-3")
        (row,) = await rows(client, f"/mesures/{GLUCOSE}")
        assert "126" in row
        assert "valeur d'origine : 7,0" in row
        assert "à jeun" in row


@pytest.mark.parametrize(
    ("code", "value", "fields", "words"),
    [
        (WEIGHT, "6500", {}, "Cette valeur est hors des limites (0,2 à 500"),
        (TENSION, "80", {"valeur2": "130"}, "systolique"),
        (PAIN, "4.5", {}, "Saisissez un nombre entier"),
        (WEIGHT, "65", {"unite": "lb"}, "Choisissez une unité de la liste."),
        (WEIGHT, "beaucoup", {}, "Saisissez un nombre, par exemple 12,5."),
        (WEIGHT, "65", {"date": "12/01/1950"}, "La date doit être entre la naissance"),
        (WEIGHT, "65", {"date": "12/01/2150"}, "La date doit être entre la naissance"),
        (WEIGHT, "65", {"date": "hier"}, "Saisissez une date, par exemple 12/03/2026."),
        (WEIGHT, "65", {"commentaire": "a" * 3001}, "3\u00a0000 caractères au plus."),
        (WEIGHT, "65", {"cle": ""}, "Ce formulaire n'est plus complet."),
        ("99504-3", "140", {}, "Indiquez le nombre de jours"),
        ("99504-3", "140", {"jours": "9" * 5_000}, "Indiquez le nombre de jours"),
        (BMI, "22", {}, "L'indice de masse corporelle est calculé"),
        ("3016-3", "2", {}, "Choisissez une mesure."),
    ],
)
async def test_bad_input_is_422_with_words_at_its_field_and_the_values_kept(
    code: str, value: str, fields: dict[str, str], words: str
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, text = await add(client, code, value, **fields)
        assert (status, words in unescape(text)) == (422, True)
        assert "Il y a un problème" in text
        if code == WEIGHT:
            assert f'value="{value}"' in text
        assert house.entries.kept == {}


async def test_an_own_value_is_corrected_hidden_and_deleted() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        for _ in range(2):  # a second click is the same value
            await add(client, WEIGHT, "61,4")
        page = f"/mesures/{WEIGHT}"
        (one,) = await ids(client, page)
        form = f"{page}/{one}/modifier"
        assert 'value="61,4"' in await text_of(client, form)
        said = {"valeur": "60,9", "date": "12/01/2026 07:12", "unite": "kg"}
        assert (await post(client, form, form, version="7", **said))[0] == 409
        status, place, _ = await post(client, form, form, version="1", **said)
        assert (status, place) == (303, f"{page}?fait=modifie")
        (row,) = await rows(client, page)
        assert "60,9" in row
        assert "corrigée" in row
        hide = f"{page}/{one}/visibilite"
        for _ in range(2):
            assert (await post(client, page, hide, version="2", masque="oui"))[0] == 303
        assert 'data-state="masque"' in await text_of(client, page)
        gone = f"{page}/{one}/supprimer"
        assert "Cette action est définitive." in await text_of(client, gone)
        for _ in range(2):  # of a second click the first one did it
            done = await post(client, page, gone, version="3")
            assert done[:2] == (303, f"{page}?fait=supprime")
        assert "Aucune valeur. Ajoutez la première." in await text_of(client, page)
        assert (await client.get(form)).status == 404


async def test_the_index_follows_weight_and_height() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "Aucune valeur" in await text_of(client, f"/mesures/{BMI}")
        await add(client, HEIGHT, "1,68", unite="m")
        await add(client, WEIGHT, "61,4")
        (row,) = await rows(client, f"/mesures/{BMI}")
        assert "21,8" in row
        assert "calculé du poids et de la taille" in row
        assert "Ajouter une valeur" not in await text_of(client, f"/mesures/{BMI}")


async def test_a_professional_adds_by_hand_and_the_patient_may_only_hide_it() -> None:
    house = House()
    base = f"{RECORD}/mesures"
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        await sign_in_professional(office)
        await add(client, TENSION, "13/8")
        assert "saisie par le titulaire" in (await rows(office, f"{base}/{TENSION}"))[0]
        status, place, _ = await add(office, WEIGHT, "61", base)
        assert (status, place) == (303, f"{base}/{WEIGHT}?fait=ajoute")
        page = f"/mesures/{WEIGHT}"
        (row,) = await rows(client, page)
        assert "Dr Anne Roux, Médecin" in row
        (one,) = await ids(client, page)
        text = await text_of(client, page)
        assert f"{one}/modifier" not in text
        assert f"{one}/supprimer" not in text
        form = f"{page}/{one}/modifier"
        said = {"valeur": "60", "date": "12/01/2026", "version": "1"}
        assert (await post(client, form, form, **said))[0] == 403
        hide = f"{page}/{one}/visibilite"
        assert (await post(client, page, hide, version="1", masque="oui"))[0] == 303
        assert len(await rows(office, f"{base}/{WEIGHT}")) == 1  # its author still sees it
        traced = {one.trace.action for one in house.traces.rows}
        assert {"entry-added", "entry-masked", "profile"} <= traced


async def test_without_agreement_a_professional_reads_nothing() -> None:
    house = House()
    house.people.chosen.clear()
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        await add(client, WEIGHT, "61")
        await sign_in_professional(office)
        for path in ("", f"/{WEIGHT}", "/croissance"):
            text = await text_of(office, f"{RECORD}/mesures{path}")
            assert 'data-refusal="acces"' in text
            assert "61" not in re.sub(r"\w*61\w*-|[0-9a-f]{20,}", "", text.partition("<main")[2])


async def test_tiles_stand_in_the_order_that_was_chosen_and_a_target_is_shown() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        page = "/mesures/choix"
        said = {"montrer": HBA1C, f"rang_{HBA1C}": "1", "objectif": "7,0"}
        assert (await post(client, page, page, **said))[:2] == (303, "/mesures?fait=choix")
        text = await text_of(client, "/mesures")
        assert re.findall(r'data-id="([\d-]+)" data-kind="mesure"', text) == [HBA1C]
        assert "Objectif choisi : 7" in text
        for wrong in ({"objectif": "70"}, {"objectif": "bas"}):
            status, _, told = await post(client, page, page, **(said | wrong))
            assert (status, "Saisissez un objectif" in told) == (422, True)
        await post(client, page, page)
        assert "Aucune mesure n'est affichée." in unescape(await text_of(client, "/mesures"))


async def test_a_period_leaves_out_what_is_older() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        now = house.clock.now()
        for days, value in ((10, "61"), (100, "62"), (300, "63"), (800, "64")):
            day = (now - timedelta(days=days)).date().isoformat()
            await add(client, WEIGHT, value, date=day)
        for period, count in (("mois", 1), ("semestre", 2), ("annee", 3), ("", 4)):
            page = f"/mesures/{WEIGHT}?periode={period}"
            assert len(await rows(client, page)) == count
        assert "Aucune valeur sur cette période" in await text_of(
            client, f"/mesures/{HEIGHT}?periode=mois"
        )


@pytest.mark.parametrize("path", ["/mesures/3016-3", "/mesures/3141-9", "/mesures/%3Cb%3E"])
async def test_what_is_no_measure_is_not_there(path: str) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await client.get(path)).status == 404


async def test_nobody_reaches_into_the_measures_of_another() -> None:
    house = House()
    async with visiting(house) as client, visiting(house) as other:
        await sign_in(client, house)
        await add(client, WEIGHT, "61")
        (one,) = await ids(client, f"/mesures/{WEIGHT}")
        await sign_in(other, house, "marc81durand")
        form = f"/mesures/{WEIGHT}/{one}/modifier"
        assert (await other.get(form)).status == 404
        gone = f"/mesures/{WEIGHT}/{one}/supprimer"
        assert (await post(other, "/mesures/choix", gone, version="1"))[0] == 404
        assert len(await rows(client, f"/mesures/{WEIGHT}")) == 1


async def test_a_measure_of_a_document_follows_it_and_may_be_taken_out() -> None:
    house = House()
    document = house.add(
        "Certificat", body=structured(sections=VITALS), mime_type="text/xml", label=Label.CERT_MED
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        page = f"/mesures/{WEIGHT}"
        (row,) = await rows(client, page)
        assert "61,5" in row
        assert "valeur d'origine : 61500" in row
        assert f"/documents/{document}" in await text_of(client, page)
        (one,) = await ids(client, page)
        assert (await post(client, page, f"{page}/{one}/retirer"))[:2] == (
            303,
            f"{page}?fait=retire",
        )
        assert await rows(client, page) == []


async def test_leos_growth_shows_the_same_eight_points_in_chart_and_table() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        born = 2018 if LEO.birth_date is None else int(LEO.birth_date[:4])
        day = (LEO.birth_date or "")[5:]
        for years in range(8):
            await add(client, HEIGHT, str(76 + 6 * years), date=f"{born + 1 + years}-{day}")
        assert "Suivi spécifique de la croissance de l'enfant" in await text_of(client, "/mesures")
        page = "/mesures/croissance?courbe=taille-1-18"
        text = await text_of(client, page)
        made = await rows(client, page)
        points = text.partition('class="plot"')[2].partition("</svg>\n<div")[0]
        shown = points.count('<circle class="shape" r="6"/>')
        assert shown == len(made)
        assert "Aucune courbe de référence installée" in text
        assert "1 an" in made[-1]
        assert len(made) >= 6

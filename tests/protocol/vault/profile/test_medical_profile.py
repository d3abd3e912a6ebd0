"""`/profil` as a patient and a professional fill it (VAULT section 7)."""

import re

import pytest
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

from gateway.records.entries.kind import EntryKind
from gateway.vault.profile.fields import FORMS
from gateway.vault.profile.rubriques import ADD, OF_KIND, RUBRIQUES

RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
TITLES = (
    "Maladies et sujets de santé",
    "Historique de soin",
    "Entourage et volontés",
    "Allergies",
    "Traitements",
    "Vaccination",
    "Hospitalisations et chirurgies",
    "Mesures",
    "Antécédents familiaux",
)


async def text_of(client: Browser, path: str) -> str:
    answer = await client.get(path)
    assert answer.status == 200, path
    return await answer.text()


async def add(
    client: Browser, slug: str, kind: EntryKind, base: str = "/profil", **fields: str
) -> tuple[int, str, str]:
    page = f"{base}/{slug}/ajouter/{kind}"
    return await post(client, page, page, **fields)


async def entries_of(client: Browser, slug: str, base: str = "/profil") -> list[str]:
    text = await text_of(client, f"{base}/{slug}")
    return re.findall(r'data-id="(\w+)" data-kind="profil"', text)


async def act(client: Browser, entry: str, what: str, **fields: str) -> tuple[int, str, str]:
    page = f"/profil/entrees/{entry}"
    form = f"{page}/{what}" if what in ("modifier", "supprimer") else page
    version = (await text_of(client, form)).partition('name="version" value="')[2].partition('"')[0]
    return await post(client, form, f"{page}/{what}", **({"version": version} | fields))


def test_the_nine_rubriques_bear_the_words_of_the_guide() -> None:
    assert tuple(one.title for one in RUBRIQUES) == TITLES
    assert [one.words("screen") for one in RUBRIQUES if one.on_screen] == [
        "Historique de soins",
        "Vaccinations",
    ]


def test_every_field_of_a_form_is_one_of_its_content() -> None:
    assert set(FORMS) == set(ADD)
    for kind, fields in FORMS.items():
        assert len({one.name for one in fields}) == len(fields), kind


async def test_claire_and_her_doctor_fill_the_profile() -> None:
    """The happy path of section 7, up to the synthesis."""
    house = House()
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        for slug, kind, fields in (
            ("maladies", EntryKind.CONDITION, {"nom": "Asthme", "sorte": "condition"}),
            ("allergies", EntryKind.ALLERGY, {"substance": "Pénicilline", "gravite": "severe"}),
            ("traitements", EntryKind.MEDICATION, {"nom": "Ventoline", "debut": "05/2010"}),
        ):
            status, place, _ = await add(client, slug, kind, **fields)
            assert (status, place) == (303, f"/profil/{slug}?fait=ajoute")
        await sign_in_professional(office)
        found = {"nom": "Hypertension", "sorte": "condition", "avec": "Claire"}
        base = f"{RECORD}/profil"
        assert (await add(office, "maladies", EntryKind.CONDITION, base, **found))[0] == 303
        for browser, path in ((client, "/profil"), (office, base)):
            page = await text_of(browser, path)
            for words in (*TITLES, "Asthme", "Hypertension", "Pénicilline", "Ventoline"):
                assert words in page, words
            illnesses = await text_of(browser, f"{path}/maladies")
            assert "Dr Anne Roux, Médecin, Cabinet des Charmes, complété avec Claire" in illnesses
        assert "Par vous," in await text_of(client, "/profil/maladies")
        assert "Par le patient," in await text_of(office, f"{base}/maladies")
        assert "mai 2010" in await text_of(client, "/profil/traitements")


async def test_an_own_entry_is_changed_then_deleted() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await add(client, "allergies", EntryKind.ALLERGY, substance="Pollen")
        (entry,) = await entries_of(client, "allergies")
        stale = {"substance": "Pollens", "gravite": "mild", "version": "7"}
        assert (await act(client, entry, "modifier", **stale))[0] == 409
        status, place, _ = await act(client, entry, "modifier", **(stale | {"version": "1"}))
        assert (status, place) == (303, f"/profil/entrees/{entry}?fait=modifie")
        page = await text_of(client, place)
        assert "Pollens" in page
        assert "États précédents" in page
        assert "légère" in page
        status, place, _ = await act(client, entry, "supprimer")
        assert (status, place) == (303, "/profil/allergies?fait=supprime")
        assert 'data-state="empty"' in await text_of(client, place)
        assert (await client.get(f"/profil/entrees/{entry}")).status == 404


async def test_having_nothing_to_add_is_told_and_ends_with_the_first_entry() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        page = "/profil/allergies"
        assert "Je n&#39;ai pas d&#39;allergie à ajouter" in await text_of(client, page)
        assert (await post(client, page, f"{page}/rien"))[0] == 303
        told = await text_of(client, page)
        assert 'data-state="none"' in told
        assert "Retirer cette indication" in told
        await add(client, "allergies", EntryKind.ALLERGY, substance="Pollen")
        assert 'data-state="none"' not in await text_of(client, page)
        assert (await post(client, page, f"{page}/rien"))[0] == 409


async def test_what_a_professional_wrote_is_masked_or_disagreed_with() -> None:
    house = House()
    base = f"{RECORD}/profil"
    async with visiting(house) as client, visiting(house) as office:
        await sign_in_professional(office)
        found = {"nom": "Hypertension", "sorte": "condition"}
        await add(office, "maladies", EntryKind.CONDITION, base, **found)
        await sign_in(client, house)
        (entry,) = await entries_of(client, "maladies")
        page = f"/profil/entrees/{entry}"
        assert f"{page}/modifier" not in await text_of(client, page)
        assert (await client.get(f"{page}/modifier")).status == 403
        status, _, text = await post(client, page, f"{page}/modifier", version="1", **found)
        assert status == 403
        assert 'data-refusal="professionnel"' in text
        asked = await client.get(f"{page}/supprimer")
        assert asked.status == 403
        assert f'action="{page}/supprimer"' not in await asked.text()
        status, _, text = await post(client, page, f"{page}/supprimer", version="1")
        assert status == 403
        assert 'data-refusal="professionnel"' in text
        assert (await act(client, entry, "desaccord", desaccord="Erreur de mesure"))[0] == 303
        assert "Erreur de mesure" in await text_of(office, f"{base}/maladies")
        assert (await act(client, entry, "desaccord", desaccord="x" * 3_001))[0] == 422
        assert (await act(client, entry, "visibilite", masque="oui"))[0] == 303
        assert 'data-state="hidden"' in await text_of(client, "/profil/maladies")


async def test_a_professional_confirms_an_entry_of_the_patient() -> None:
    house = House()
    base = f"{RECORD}/profil"
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        await add(client, "maladies", EntryKind.CONDITION, nom="Asthme", sorte="condition")
        (entry,) = await entries_of(client, "maladies")
        await sign_in_professional(office)
        page = f"{base}/entrees/{entry}"
        status, _, _ = await post(office, page, f"{page}/confirmer", version="1")
        assert status == 303
        told = await text_of(client, f"/profil/entrees/{entry}")
        assert "Confirmé par Dr Anne Roux" in told
        assert (await post(office, page, f"{page}/modifier", version="2"))[0] in (403, 422)


@pytest.mark.parametrize(
    ("slug", "kind", "fields", "wrong"),
    [
        ("maladies", "condition", {"nom": "", "sorte": "condition"}, "nom"),
        ("maladies", "condition", {"nom": "A", "sorte": "xx"}, "sorte"),
        ("maladies", "condition", {"nom": "A", "sorte": "condition", "debut": "demain"}, "debut"),
        (
            "maladies",
            "condition",
            {"nom": "A", "sorte": "condition", "debut": "2012", "fin": "2011"},
            "fin",
        ),
        (
            "maladies",
            "condition",
            {"nom": "A", "sorte": "condition", "commentaire": "x" * 3_001},
            "commentaire",
        ),
        (
            "antecedents-familiaux",
            "family-history",
            {"lien": "MTH", "maladie": "D", "age": "-1"},
            "age",
        ),
        (
            "antecedents-familiaux",
            "family-history",
            {"lien": "MTH", "maladie": "D", "age": "9" * 5_000},
            "age",
        ),
        ("entourage", "contact", {"sorte": "emergency", "nom": "Marc"}, "telephone"),
    ],
)
async def test_a_bad_field_is_named_and_the_words_are_kept(
    slug: str, kind: EntryKind, fields: dict[str, str], wrong: str
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, text = await add(client, slug, kind, **fields)
        assert status == 422
        assert f'id="{wrong}-error"' in text
        assert text.count('aria-invalid="true"') == 1
        assert "Erreur : " in text.partition("</title>")[0]
        for value in (value for name, value in fields.items() if name != "sorte"):
            assert value in text
        assert await entries_of(client, slug) == []


async def test_a_second_click_writes_nothing_more() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        said = {"substance": "Pollen", "cle": "k" * 20}
        for _ in range(2):
            assert (await add(client, "allergies", EntryKind.ALLERGY, **said))[0] == 303
        (entry,) = await entries_of(client, "allergies")
        page, deleted = f"/profil/entrees/{entry}", {"version": "1"}
        for _ in range(2):  # the first click did it
            done = await post(client, "/profil", f"{page}/supprimer", **deleted)
            assert done[:2] == (303, "/profil/allergies?fait=supprime")
        never = f"/profil/entrees/{'0' * 32}/supprimer"
        assert (await post(client, "/profil", never, **deleted))[0] == 404


async def test_one_person_is_trusted() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        marc = {"nom": "Marc", "telephone": "0600000000"}
        assert (await add(client, "entourage", EntryKind.TRUSTED_PERSON, **marc))[0] == 303
        page = "/profil/entourage/ajouter/trusted-person"
        assert page not in await text_of(client, "/profil/entourage")
        status, _, text = await add(client, "entourage", EntryKind.TRUSTED_PERSON, **marc)
        assert status == 409
        assert "Je ne peux ajouter qu&#39;une seule personne de confiance." in text
        assert 'value="Marc"' in text


async def test_a_minor_writes_no_directives() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        status, _, _ = await add(client, "entourage", EntryKind.DIRECTIVES, texte="Non")
        assert status == 422
        assert "Écrire mes directives" not in await text_of(client, "/profil/entourage")
        await add(client, "allergies", EntryKind.ALLERGY, substance="Arachide")
        assert "Claire" in await text_of(client, "/profil/allergies")


async def test_no_form_stands_where_its_kind_does_not() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        for path in ("allergies/ajouter/condition", "soins/ajouter/measure", "mesures", "xx"):
            assert (await client.get(f"/profil/{path}")).status == 404, path
        for kind in ADD:
            await text_of(client, f"/profil/{OF_KIND[kind].slug}/ajouter/{kind}")


async def test_the_qualified_identity_is_read_only_and_the_rest_is_the_patients_own() -> None:
    """PRO-08."""
    house = House()
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        path = "/profil/informations-personnelles"
        page = await text_of(client, path)
        assert "DURAND" in page
        slug, kind = "informations-personnelles", EntryKind.ABOUT_ME
        assert (await add(client, slug, kind, langue="ar", interprete="oui"))[0] == 303
        assert "arabe" in await text_of(client, path)
        await sign_in_professional(office)
        assert (await office.get(f"{RECORD}{path}")).status == 404

"""A form gives back what was typed, and says what to fix (PAGES section 2, rule 6)."""

import re
from html import unescape

import pytest
from aiohttp import FormData
from vault_house import Browser, House, post, sign_in, visiting

DIGITS = "9" * 5_000
"""More than Python makes a number of."""
CONDITION = "/profil/maladies/ajouter/condition"
ASTHMA = {"nom": "Asthme", "sorte": "condition"}
APPOINTMENT = {"date": "12/04/2026", "heure": "10:15", "avec": "Dr Roux", "rappel": "jour"}
STALE = 'data-refusal="version"'


async def text_of(client: Browser, path: str) -> str:
    answer = await client.get(path)
    assert answer.status == 200, path
    return unescape(await answer.text())


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


async def written(client: Browser, page: str, action: str, **fields: str) -> tuple[int, str]:
    """The form of this page as a browser sends it: in parts, as its tag says."""
    shown = await text_of(client, page)
    assert f'action="{action}" enctype="multipart/form-data"' in shown
    form = FormData(default_to_multipart=True)
    for name, value in ({"jeton": value_of(shown, "jeton")} | fields).items():
        form.add_field(name, value)
    answer = await client.post(action, data=form, allow_redirects=False)
    return answer.status, unescape(await answer.text())


@pytest.mark.parametrize(
    ("page", "action", "fields", "field"),
    [
        (
            "/profil/antecedents-familiaux/ajouter/family-history",
            "/profil/antecedents-familiaux/ajouter/family-history",
            {"lien": "mother", "maladie": "Asthme", "age": DIGITS},
            "age",
        ),
        (
            "/mesures/ajouter?code=99504-3",
            "/mesures",
            {"code": "99504-3", "valeur": "140", "date": "12/01/2026", "jours": DIGITS},
            "jours",
        ),
    ],
)
async def test_a_number_of_5_000_digits_is_a_wrong_number_and_no_fault_of_ours(
    page: str, action: str, fields: dict[str, str], field: str
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, text = await post(client, page, action, **fields, cle="k" * 32)
    assert status == 422
    assert f'href="#{field}"' in text
    assert DIGITS in text


async def test_a_form_with_an_error_keeps_the_version_that_it_was_shown_upon() -> None:
    """Else the next try would write over what another tab wrote meanwhile."""
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await post(client, CONDITION, CONDITION, **ASTHMA)
        (name,) = re.findall(r'data-id="(\w{32})"', await text_of(client, "/profil/maladies"))
        place = f"/profil/entrees/{name}/modifier"
        await post(client, place, place, **ASTHMA, debut="2010", version="1")
        status, _, text = await post(client, place, place, nom="Asthme", sorte="", version="1")
        assert (status, value_of(text, "version")) == (422, "1")
        mine = ASTHMA | {"commentaire": "Écrit longuement"}
        status, _, text = await post(client, place, place, **mine, version="1")
        assert (status, STALE in text, value_of(text, "version")) == (409, True, "2")
        assert "Écrit longuement" in text
        assert (await post(client, place, place, **mine, version="2"))[0] == 303


async def test_what_is_too_long_says_how_long_it_may_be() -> None:
    house = House()
    long = ASTHMA | {"avec": "b" * 201}
    async with visiting(house) as client:
        await sign_in(client, house)
        status, text = await written(client, CONDITION, CONDITION, **long)
    assert status == 422
    assert text.count("Ce texte est trop long : 200 caractères au plus.") == 2  # above, and there
    assert 'id="avec-error"' in text
    assert "b" * 201 in text


async def test_a_target_that_is_no_number_comes_back_as_it_was_typed() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        typed = {"objectif": "sept", "montrer": "4548-4"}
        status, _, text = await post(client, "/mesures/choix", "/mesures/choix", **typed)
    assert (status, value_of(text, "objectif")) == (422, "sept")


@pytest.mark.parametrize(
    ("page", "action", "field", "fields"),
    [
        ("/agenda/ajouter", "/agenda/ajouter", "note", APPOINTMENT),
        ("/vaccination/ajouter", "/vaccination/ajouter", "commentaire", {"vaccin": "Revaxis"}),
        (
            "/mesures/ajouter?code=29463-7",
            "/mesures",
            "commentaire",
            {"code": "29463-7", "valeur": "65", "date": "12/01/2026"},
        ),
    ],
)
async def test_a_text_of_many_pages_is_given_back_to_be_shortened(
    page: str, action: str, field: str, fields: dict[str, str]
) -> None:
    """As plain form it has 6 bytes for each « é », which is more than a plain form brings."""
    house, text = House(), "é" * 20_000
    async with visiting(house) as client:
        await sign_in(client, house)
        sent = fields | {field: text, "cle": "k" * 32, "date": "12/01/2026"}
        status, shown = await written(client, page, action, **sent)
    assert status == 422
    assert f'id="{field}-error"' in shown
    assert text in shown


async def test_a_comment_of_3_000_characters_may_have_lines() -> None:
    """A browser sends each end of a line as two characters."""
    house, lines = House(), "\r\n".join(["a" * 29] * 100)
    async with visiting(house) as client:
        await sign_in(client, house)
        measure = {"code": "29463-7", "valeur": "65", "date": "12/01/2026", "cle": "k" * 32}
        page = "/mesures/ajouter?code=29463-7"
        assert (await written(client, page, "/mesures", **measure, commentaire=lines))[0] == 303


async def test_a_stale_appointment_vaccination_or_measure_gives_its_form_back() -> None:
    house = House()
    weight = {"code": "29463-7", "valeur": "65", "date": "12/01/2026"}
    vaccine = {"date": "2026-01-10", "vaccin": "Revaxis"}
    rooms = (
        ("/agenda/ajouter", "/agenda/ajouter", APPOINTMENT, "/agenda", "note"),
        ("/vaccination/ajouter", "/vaccination/ajouter", vaccine, "/vaccination", "commentaire"),
        ("/mesures/ajouter?code=29463-7", "/mesures", weight, "/mesures/29463-7", "commentaire"),
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        for page, action, fields, room, noted in rooms:
            assert (await post(client, page, action, **fields, cle="k" * 32))[0] == 303
            name = re.search(r'data-id="(\w{32})"', await text_of(client, room))
            assert name is not None
            place = f"{room}/{name[1]}/modifier"
            shown = await text_of(client, place)
            first = value_of(shown, "version")
            typed = fields | {noted: "Écrit longuement"}
            assert (await post(client, place, place, **fields, version=first))[0] == 303
            status, _, text = await post(client, place, place, **typed, version=first)
            assert (status, STALE in text, "Écrit longuement" in text) == (409, True, True), room
            again = value_of(text, "version")
            assert (await post(client, place, place, **typed, version=again))[0] == 303

"""« Ajouter un document » and « Modifier »: a patient's own documents (VAULT DOC-05 to DOC-07)."""

import pytest
from own_house import ADD, WORDS, add, current, hidden_of, send, text_of
from photographs import POSITION, jpeg, png, tiff
from vault_house import CLAIRE, House, key_of, sign_in, sign_in_professional, visiting
from vault_samples import pdf_of

from gateway.mapping.labels import label_of
from gateway.mapping.labels.choosing import BY_CODE
from gateway.mapping.labels.own import ADMINISTRATIVE, TYPE_OF
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import DocumentStatus


async def test_a_card_is_filed_without_its_position_and_stands_on_its_shelf() -> None:
    house = House()
    house.add("Compte rendu")
    async with visiting(house) as client:
        await sign_in(client, house)
        before = await text_of(client, "/documents")
        status, place, _ = await add(client, jpeg())
        assert status == 303
        page = await text_of(client, place)
        listed = await text_of(client, "/documents")
        shelf = await text_of(client, "/documents?libelle=DOC_ADM")
        others = await text_of(client, "/documents?libelle=AUTR_DOC")
        picture = await client.get(place.partition("?")[0] + "/telecharger")
        body = await picture.read()
    card = next(one for one in current(house) if one.by_patient)
    assert "Document ajouté" in page
    assert "Carte Vitale" in page
    assert "Recto seulement" in page
    assert (card.type_code, card.label, card.author) == ("DOCPAT09", Label.AUTR_DOC, "DURAND")
    assert "Ma carte Vitale" in listed
    assert "Pièces administratives (1)" in listed
    for label in ("Autres documents", "Comptes rendus"):
        assert count_of(listed, label) == count_of(before, label), "its shelf is beside the eight"
    assert "Ma carte Vitale" in shelf
    assert "1 document : Pièces administratives" in shelf
    assert "Compte rendu" not in shelf.partition("<main")[2].partition('<ul class="cards">')[2]
    assert "Ma carte Vitale" not in others
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert POSITION not in body


def count_of(page: str, label: str) -> str:
    return page.partition(f'{label} <span class="count">(')[2].partition(")")[0]


@pytest.mark.parametrize("category", [one for one in TYPE_OF if one in set(Label)])
def test_a_category_gives_the_type_whose_label_it_is(category: str) -> None:
    assert label_of(TYPE_OF[category], None, None).label == category


def test_the_ten_types_are_the_patients_own() -> None:
    assert TYPE_OF["DOC_ADM"] == ADMINISTRATIVE
    assert set(TYPE_OF.values()) <= set(BY_CODE)
    assert TYPE_OF["DIRECTIVES"] == "EXPPAT_3"
    assert len(set(TYPE_OF.values())) == len(Label) + 2


async def test_a_double_click_is_one_document() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        hidden = await hidden_of(client, ADD)
        first = await send(client, ADD, hidden, jpeg(), png(), **WORDS)
        again = await send(client, ADD, hidden, jpeg(), png(), **WORDS)
        other = await send(client, ADD, hidden, b"Autre chose", **WORDS)
    assert first[0] == 303
    assert first[:2] == again[:2]
    assert len(house.shelf.shelved) == 1
    assert (current(house)[0].mime_type, other[0]) == ("application/pdf", 422)
    assert "a déjà servi" in other[2]


@pytest.mark.parametrize(
    ("body", "fields", "status", "name", "words"),
    [
        (b"", {}, 422, "fichier", "Ce fichier est vide. Choisissez-en un autre."),
        (b"x" * 5_000_001, {}, 413, "fichier", "Sélectionner un fichier de moins de 5 Mo"),
        (b"<!doctype html><p>", {}, 415, "fichier", "Ce type de fichier n'est pas accepté."),
        (
            b"%PDF-1.4 /JavaScript %%EOF",
            {},
            422,
            "fichier",
            "Ce fichier contient du contenu actif. Enregistrez-le de nouveau en PDF simple.",
        ),
        (b"%PDF-1.4 /Encrypt %%EOF", {}, 422, "fichier", "Ce PDF est chiffré."),
        (b"Bonjour", {"titre": " "}, 422, "titre", "Donnez un titre"),
        (b"Bonjour", {"titre": "x" * 51}, 422, "titre", "50 caractères au plus."),
        (b"Bonjour", {"categorie": ""}, 422, "categorie", "Choisissez un libellé"),
        (b"Bonjour", {"categorie": "SYNTH_PML"}, 422, "categorie", "Choisissez un libellé"),
        (b"Bonjour", {"categorie": "REMB"}, 422, "categorie", "Choisissez un libellé"),
        (b"Bonjour", {"genre": "passeport"}, 422, "genre", "Choisissez un genre"),
        (b"Bonjour", {"date": ""}, 422, "date", "Donnez la date"),
        (b"Bonjour", {"date": "2026-03-13"}, 422, "date", "ne peut pas être dans le futur."),
        (b"Bonjour", {"date": "1984-03-11"}, 422, "date", "naissance"),
        (b"Bonjour", {"note": "x" * 501}, 422, "note", "500 caractères"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_the_words_are_kept(
    body: bytes, fields: dict[str, str], status: int, name: str, words: str
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await add(client, body, **fields)
    assert answer[0] == status
    assert words in answer[2]
    assert f'href="#{name}"' in answer[2]
    assert f'id="{name}-error"' in answer[2]
    assert (WORDS | fields)["titre"].strip() in answer[2]
    assert house.shelf.shelved == {}


async def test_no_file_is_asked_for_and_one_empty_page_of_several_is_never_left_out() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        hidden = await hidden_of(client, ADD)
        none = await send(client, ADD, hidden, **WORDS)
        pages = await send(client, ADD, hidden, jpeg(), b"", png(), **WORDS)
    assert (none[0], pages[0]) == (422, 422)
    assert "Choisissez un fichier" in none[2]
    assert "Un de ces fichiers est vide." in pages[2]
    assert house.shelf.shelved == {}


async def test_a_refusal_names_its_code_beside_the_words() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, _, page = await add(client, b"%PDF-1.4 /JavaScript %%EOF")
    assert 'data-refusal="active-content"' in page


async def test_the_size_that_is_taken_is_a_setting_and_the_page_says_it() -> None:
    house = House(own_file_bytes=1_500_000)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await text_of(client, ADD)
        taken = await add(client, b"x" * 1_500_000)
        refused = await add(client, b"x" * 1_500_001)
    assert "PDF, image ou texte, 1,5 Mo au plus" in page
    assert (taken[0], refused[0]) == (303, 413)
    assert "moins de 1,5 Mo" in refused[2]


async def test_before_sending_the_page_says_who_will_see_it() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await text_of(client, ADD)
        person = house.people.persons[key_of(CLAIRE)]
        house.people.persons[person.key] = type(person)(
            **{name: getattr(person, name) for name in person.__slots__} | {"masks_new": True}
        )
        masked = await text_of(client, ADD)
    seen = page.partition('id="vu-BIOLOGIE"')[2].partition("</p>")[0]
    assert "Le verront : Dr Anne Roux." in seen
    assert "En urgence : SAMU, Autres professionnels de santé." in page
    hidden = masked.partition('id="vu-BIOLOGIE"')[2].partition("</p>")[0]
    assert "Aucun de vos professionnels ne le verra." in hidden
    assert "Vos nouveaux documents sont masqués" in masked


async def test_a_professional_reads_it_as_the_grid_says_and_the_log_tells_of_both() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await add(client, b"Mes questions", categorie="AUTR_DOC", titre="Questions")
        (card,) = current(house)
        client.session.cookie_jar.clear()
        await sign_in_professional(client)
        record = await text_of(client, f"/pro/patients/{key_of(CLAIRE).hex()}")
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        own = await text_of(client, f"/documents/{card.id}")
    assert card.type_code == "EXPPAT_2"
    assert "Questions" in record
    assert "Dr Anne Roux" in own.partition("Qui peut voir ce document")[2]
    deposits = [one.trace for one in house.traces.rows if one.trace.action == "deposit"]
    assert [(one.kind, one.actor, one.door) for one in deposits] == [
        ("patient", key_of(CLAIRE).hex(), "pages")
    ]


async def test_title_label_date_note_and_file_are_changed_by_a_new_version() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, place, _ = await add(client, jpeg())
        page = place.partition("?")[0] + "/modifier"
        form = await text_of(client, page)
        hidden = await hidden_of(client, page)
        said = {"titre": "Mutuelle", "categorie": "DOC_ADM", "genre": "mutuelle"}
        changed = await send(client, page, hidden, **(WORDS | said))
        again = await send(client, page, hidden, **(WORDS | said))
        late = await send(client, page, await hidden_of(client, ADD), **WORDS)
        shown = await text_of(client, changed[1])
        second = changed[1].partition("?")[0] + "/modifier"
        file = await add(client, pdf_of(1), page=second, categorie="BIOLOGIE")
    assert 'value="Ma carte Vitale"' in form
    assert "Recto seulement" in form
    assert changed[0] == 303
    assert again[:2] == changed[:2], "a second click is no error, and no version"
    assert late[0] == 409
    assert "Document modifié" in shown
    assert "Carte de mutuelle" in shown
    assert file[0] == 303
    first, middle, last = house.shelf.shelved.values()
    assert [one.card.status for one in (first, middle)] == [DocumentStatus.SUPERSEDED] * 2
    assert house.shelf.bodies[middle.card.id] == house.shelf.bodies[first.card.id]
    assert (last.card.type_code, last.card.mime_type) == ("DOCPAT05", "application/pdf")
    assert current(house) == [last.card]


async def test_a_document_of_a_professional_has_no_buttons_and_is_not_changed() -> None:
    house = House()
    theirs = house.add("Compte rendu")
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await text_of(client, f"/documents/{theirs}")
        form = await client.get(f"/documents/{theirs}/modifier")
        hidden = await hidden_of(client, ADD)
        sent = await send(client, f"/documents/{theirs}/modifier", hidden, b"Moi", **WORDS)
        nobodys = await send(client, f"/documents/{'0' * 32}/modifier", hidden, b"Moi", **WORDS)
        empty = {"jeton": hidden["jeton"]}
        wrong = await send(client, f"/documents/{theirs}/modifier", empty)
        absent = await send(client, f"/documents/{'0' * 32}/modifier", empty)
    assert "/modifier" not in page
    assert "/supprimer" not in page
    assert (form.status, sent[0], nobodys[0]) == (403, 403, 404)
    assert (wrong[0], absent[0]) == (403, 404), "whatever stands in the form"
    assert "Vous ne pouvez pas supprimer ce document car il a été ajouté" in sent[2]
    assert len(house.shelf.shelved) == 1


async def test_pages_of_a_tiff_are_shown_as_pictures() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, place, _ = await add(client, tiff(2))
        body = place.partition("?")[0] + "/corps"
        frame = await text_of(client, body)
        page = await client.get(f"{body}/page/2")
        none = await client.get(f"{body}/page/3")
        data = await page.read()
    assert f"{body}/page/2" in frame
    assert (page.headers["Content-Type"], none.status) == ("image/png", 404)
    assert data.startswith(b"\x89PNG")

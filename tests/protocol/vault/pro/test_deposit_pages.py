"""« Déposer un document » at /pro: one form, the flow of every door, a receipt (PAGES 6)."""

import re
import tempfile
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from deposit_house import DEPOSIT, RECORD, WORDS, deposit, form_of, send
from msgspec import structs
from vault_house import (
    CLAIRE,
    MARC,
    House,
    key_of,
    sign_in,
    sign_in_professional,
    visiting,
)
from vault_samples import pdf_of

from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import AccountState
from gateway.vault.forms import MAX_FORM_PARTS
from gateway.vault.pro.deposit.pages import FORM_BYTES


async def test_a_pdf_is_filed_under_the_professionals_name_and_the_patient_reads_it() -> None:
    house, body = House(), pdf_of(1)
    async with visiting(house) as client:
        await sign_in_professional(client)
        status, place, _ = await deposit(client, body)
        assert status == 303, "the receipt has an address"
        page = await (await client.get(place)).text()
        assert "Document déposé" in page
        assert "Comptes rendus" in page
        assert place.rpartition("/")[2] in page, "the receipt itself"
        (one,) = house.shelf.shelved.values()
        assert (one.card.author, one.card.author_ids) == ("Dr Anne Roux", ("801234567890",))
        assert (one.card.organization, one.card.type_code) == ("1750000001", "11488-4")
        assert house.shelf.bodies[one.card.id] == body
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        text = await (await client.get("/documents")).text()
        assert "Consultation de mars" in text
        assert "Dr Anne Roux" in text
        history = await (await client.get("/historique")).text()
    assert "a déposé un document" in history
    assert "(P21)" in history


async def test_a_double_click_is_one_deposit_with_one_receipt() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        hidden = await form_of(client, DEPOSIT)
        first = await send(client, DEPOSIT, hidden, b"Bonjour", **WORDS)
        again = await send(client, DEPOSIT, hidden, b"Bonjour", **WORDS)
        other = await send(client, DEPOSIT, hidden, b"Autre chose", **WORDS)
    assert first[:2] == again[:2]
    assert first[0] == 303
    assert len(house.shelf.shelved) == 1
    assert other[0] == 422
    assert "a déjà servi" in other[2]
    fresh = other[2].partition('name="cle" value="')[2].partition('"')[0]
    assert fresh not in ("", hidden["cle"]), "the next try is a new deposit"


async def test_a_large_file_never_lies_on_the_disk_in_clear(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """There is no folder for temporary files: whoever needs one fails."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    house, body = House(), b"Compte rendu. " * 300_000
    async with visiting(house) as client:
        await sign_in_professional(client)
        status, _, _ = await deposit(client, body)
    assert status == 303
    assert list(house.shelf.bodies.values()) == [body]


async def test_a_form_of_more_parts_than_any_of_ours_is_refused() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        hidden = await form_of(client, DEPOSIT)
        many = {f"champ{number}": "x" for number in range(MAX_FORM_PARTS)}
        status, _, _ = await send(client, DEPOSIT, hidden, b"Bonjour", **(WORDS | many))
    assert status == 400
    assert not house.shelf.shelved


async def test_a_file_that_is_far_too_large_is_refused_before_it_is_read() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        hidden = await form_of(client, DEPOSIT)
        status, _, page = await send(client, DEPOSIT, hidden, bytes(FORM_BYTES), **(hidden | WORDS))
    assert status == 413
    assert "moins de 15 Mo" in page
    assert f'<a href="{DEPOSIT}">Rouvrir le formulaire</a>' in page
    assert not house.shelf.shelved


@pytest.mark.parametrize(
    ("body", "fields", "name", "words"),
    [
        (b"", {}, "fichier", "Ce fichier est vide. Choisissez-en un autre."),
        (b"PK\x03\x04\x00", {}, "fichier", "pas accepté"),
        (b"Bonjour", {"titre": "  "}, "titre", "Donnez un titre"),
        (b"Bonjour", {"titre": "x" * 101}, "titre", "100 caractères"),
        (b"Bonjour", {"type": ""}, "type", "Choisissez un type"),
        (b"Bonjour", {"type": "11528-7"}, "type", "Choisissez un type"),
        (b"Bonjour", {"date": ""}, "date", "Donnez la date"),
        (b"Bonjour", {"date": "2026-02-30"}, "date", "Saisissez une date"),
        (b"Bonjour", {"date": "2026-03-13"}, "date", "dans le futur"),
        (b"Bonjour", {"date": "1984-03-11"}, "date", "naissance"),
        (b"Bonjour", {"invisible_representants": "oui"}, "invisible_representants", "mineur"),
        (b"%PDF-1.4 /JavaScript %%EOF", {}, "fichier", "contenu actif"),
        (b"<html><script/></html>", {}, "fichier", "CDA R2"),
        ("é".encode("latin-1"), {}, "fichier", "UTF-8"),
        (b"Bonjour", {"type": "REMB"}, "type", "refusent ce dépôt"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_the_words_are_kept(
    body: bytes, fields: dict[str, str], name: str, words: str
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        status, _, page = await deposit(client, body, **fields)
    assert status == 422
    assert f'href="#{name}"' in page
    assert words in page
    assert f'id="{name}-error"' in page
    kept = (WORDS | fields)["titre"].strip()
    assert f'value="{kept}"' in page
    assert house.shelf.shelved == {}


async def test_the_end_of_the_road_is_a_sentence_and_nothing_is_filed() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        hidden = await form_of(client, DEPOSIT)
        house.journal.full = True
        status, _, page = await send(client, DEPOSIT, hidden, b"Bonjour", **WORDS)
        assert status == 503
        assert "Réessayez" in page
        house.journal.full = False
        status, _, _ = await send(client, DEPOSIT, hidden, b"Bonjour", **WORDS)
        assert status == 303, "the same form goes through afterwards"
        status, _, _ = await send(client, DEPOSIT, {**hidden, "jeton": "x"}, b"B", **WORDS)
        assert status == 403
    assert len(house.shelf.shelved) == 1


@pytest.mark.parametrize("state", [AccountState.OPPOSED, AccountState.CLOSED])
async def test_a_space_that_is_not_open_takes_no_deposit_and_says_no_more(
    state: AccountState,
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        hidden = await form_of(client, DEPOSIT)
        person = house.people.persons[key_of(CLAIRE)]
        house.people.persons[key_of(CLAIRE)] = replace(person, state=state)
        answer = await client.get(DEPOSIT)
        text = unescape(await answer.text())
        assert answer.status == 403
        assert 'data-refusal="depot"' in text
        assert "n'est pas ouvert" in text
        assert "opposé" not in text
        status, _, text = await send(client, DEPOSIT, hidden, b"Bonjour", **WORDS)
        assert status == 403
        record = unescape(await (await client.get(RECORD)).text())
    assert DEPOSIT not in record
    assert "aucun dépôt n'est possible" in record
    assert house.shelf.shelved == {}


async def test_without_the_patients_agreement_one_deposits_and_keeps_ones_receipts() -> None:
    house = House()
    house.add("Bilan secret", owner=MARC, author="Autre")
    other = next(iter(house.shelf.shelved.values()))
    card = structs.replace(other.card, author_ids=("x",), organization="y")
    house.shelf.shelved[other.card.id] = replace(other, card=card)
    record = f"/pro/patients/{key_of(MARC).hex()}"
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert f"{record}/deposer" in await (await client.get(record)).text()
        page = f"{record}/deposer"
        hidden = await form_of(client, page)
        status, place, _ = await send(client, page, hidden, b"Bonjour", **WORDS)
        assert status == 303
        assert (await client.get(place)).status == 200
        own = await (await client.get(f"{record}/depots")).text()
        assert "CR ou fiche de consultation" in own
        assert "1 dépôt" in own
        assert "Consultation de mars" not in own
        assert "Bilan" not in own
        assert "Le patient n'autorise pas l'accès." in await (await client.get(record)).text()


async def test_a_type_is_searched_by_its_words_and_its_label_follows() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        one = await (await client.get(f"{DEPOSIT}?q=ophtalmo")).text()
        assert "1 type correspond" in one
        assert "« Comptes rendus »" in one
        assert '<option value="78513-9" selected>' in one
        several = await (await client.get(f"{DEPOSIT}?q=prescription")).text()
        assert "types correspondent" in several
        assert "11502-2" not in several
        none = await (await client.get(f"{DEPOSIT}?q=zzzz")).text()
        assert "Aucun type ne correspond" in none
        assert "11502-2" in none
        every = await (await client.get(DEPOSIT)).text()
    assert not re.search(r'value="(DOCPAT|EXPPAT|REMB)', every), "not a professional's to deposit"


async def test_the_bytes_of_a_refused_file_stay_with_the_operators() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        _, _, page = await deposit(client, b"%PDF-1.4 /JavaScript %%EOF")
    ((_, answer),) = house.journal.taken.values()
    assert answer.verdict is Verdict.REFUSE
    assert answer.receipt in page
    assert "active-content" in page

"""What is in a copy that somebody takes along (VAULT EXP-02, EXP-03, EXP-05)."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from export_house import copy_of
from family_house import HIDDEN, LEO, family, open_profile, page, tie
from msgspec import structs
from vault_house import CLAIRE, MARC, House, key_of, sign_in, visiting
from vault_twins import NOW

from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import Hide
from gateway.records.task import TaskKind

ER7 = (
    b"MSH|^~\\&|LABO|X|Y|Z|20260301093000||ORU^R01|1|P|2.5\r"
    b"PID|1\rOBR|1||A1|B1^Bilan\r"
    b"OBX|1|NM|718-7^Hemoglobine^LN||13.4|g/dL|12-16|N|||F|||20260301080000\r"
    b"OBX|2|ST|9^=1+1||-5||||||F\r"
)
"""Results with a value and a name that a spreadsheet would reckon."""


async def test_a_copy_has_every_file_that_it_names_and_each_document_byte_for_byte() -> None:
    house = House()
    house.add("Bilan : d’avril", body=b"<ClinicalDocument/>", act_date="2026-03-01")
    house.add("Bilan : d'avril", body=b"%PDF-1.7", mime_type="application/pdf", kind=None)
    house.add("BILAN : D'AVRIL", body=b"<Another/>", act_date="2026-03-01")
    async with visiting(house) as client:
        await sign_in(client, house)
        copy = await copy_of(client, house)
    assert copy.documents == [
        "documents/2026-03-01 BILAN D'AVRIL.xml",
        "documents/2026-03-01 Bilan d'avril.pdf",
        "documents/2026-03-01 Bilan d'avril (2).xml",
    ]
    assert [copy.zip.read(name) for name in copy.documents] == [
        b"<Another/>",
        b"%PDF-1.7",
        b"<ClinicalDocument/>",
    ]
    listed = json.loads(copy.zip.read("manifeste.json"))["files"]
    assert [one["path"] for one in listed] == copy.names[:-1]
    for one in listed:
        body = copy.zip.read(one["path"])
        assert (one["size"], one["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    readme = unescape(copy.text("LISEZMOI.html"))
    assert "<script" not in readme
    assert "3 documents, tels qu'ils ont été déposés." in readme
    for name in set(copy.names) - {"LISEZMOI.html"} - set(copy.documents):
        assert f'href="{name}"' in readme, name
    assert readme.count('href="documents/') == 3


async def test_tables_quote_what_a_spreadsheet_would_reckon_and_number_the_log() -> None:
    house = House()
    house.add("=HYPERLINK()", body=ER7, mime_type="x-application/hl7-v2+er7", kind=None)
    async with visiting(house) as client:
        await sign_in(client, house)
        copy = await copy_of(client, house)
    rows = list(csv.DictReader(io.StringIO(copy.text("resultats.csv"))))
    assert [(one["analyse"], one["valeur"], one["unite"]) for one in rows] == [
        ("Hemoglobine", "13.4", "g/dL"),
        ("'=1+1", "'-5", ""),
    ]
    assert {one["document"] for one in rows} == set(copy.documents)
    assert len(copy.resources("Observation")) == 2
    lines = list(csv.DictReader(io.StringIO(copy.text("historique.csv"))))
    key, told = key_of(CLAIRE), {str(one.number): one for one in house.traces.rows}
    assert [told[one["numero"]].trace.patient for one in lines] == [key] * len(lines)
    events = copy.resources("AuditEvent")
    assert [one["id"] for one in events] == [one["numero"] for one in lines]
    assert lines[0]["acte"] == "a demandé une copie des données"


async def test_the_bundle_has_the_person_the_choices_and_who_acts_for_them() -> None:
    house = family()
    document = house.add("Vaccins", owner=LEO, body=b"<ClinicalDocument/>")
    hide = Hide(to="professional", id="801", since=NOW - timedelta(days=1), until=None)
    one = house.shelf.shelved[document]
    card = structs.replace(one.card, hides=(hide,))
    house.shelf.shelved[document] = replace(one, card=card)
    tie(house, LEO, ChoiceKind.PARENT, MARC)
    key = key_of(LEO)
    since = NOW - timedelta(days=3)
    block = Choice(kind=ChoiceKind.BLOCK, target="899", since=since)
    over = Choice(kind=ChoiceKind.CARE_TEAM, target="77", since=since, until=since)
    house.people.chosen[key] += [block, over]
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        assert "Télécharger les données de Léo" in (await page(client, "/parametres"))[1]
        copy = await copy_of(client, house)
    (patient,) = copy.resources("Patient")
    assert patient["id"] == key.hex()
    related = copy.resources("RelatedPerson")
    assert sorted(str(one["name"]) for one in related) == [
        "[{'family': 'DURAND', 'given': ['Claire']}]",
        "[{'family': 'DURAND', 'given': ['Marc']}]",
    ]
    said = [one["category"] for one in copy.resources("Consent")]
    assert "professionnel bloqué" in str(said)
    assert "équipe" not in str(said)
    (reference,) = copy.resources("DocumentReference")
    assert copy.documents[0].replace(" ", "%20") in str(reference["content"])
    assert house.exports.then[0].kind is TaskKind.EXPORT
    assert [one.patient for one in house.exports.then] == [key, key_of(CLAIRE)]  # told to her alone


async def test_a_document_whose_entries_cannot_be_told_is_in_the_copy_like_any_other() -> None:
    house = House()
    document = house.add("Illisible", body=ER7, mime_type="text/plain", kind=None)
    (one, *_) = house.shelf.results[document]
    house.shelf.results[document] = [one._replace(text="\ud800")]  # half a character: in no JSON
    async with visiting(house) as client:
        await sign_in(client, house)
        copy = await copy_of(client, house)
    assert [copy.zip.read(one) for one in copy.documents] == [house.shelf.bodies[document]]
    assert [one["id"] for one in copy.resources("DocumentReference")] == [document]


@pytest.mark.parametrize("codes", [HIDDEN, ("N", "INVISIBLE_PATIENT")])
async def test_what_is_hidden_from_who_asks_is_nowhere_in_the_copy(codes: tuple[str, ...]) -> None:
    house = family()
    house.add("Vaccins", owner=LEO)
    hidden = house.add("Secret", owner=LEO, codes=codes)
    withdrawn = house.add("Retiré", owner=LEO)
    older = house.add("Ancien", owner=LEO)
    for document, status in (
        (withdrawn, DocumentStatus.WITHDRAWN),
        (older, DocumentStatus.SUPERSEDED),
    ):
        one = house.shelf.shelved[document]
        house.shelf.shelved[document] = replace(one, card=structs.replace(one.card, status=status))
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        copy = await copy_of(client, house)
    assert copy.documents == [
        "documents/versions-precedentes/2026-03-01 Ancien.xml",
        "documents/2026-03-01 Vaccins.xml",
    ]
    everything = b"".join(copy.zip.read(name) for name in copy.names).decode()
    assert "Secret" not in everything
    assert hidden not in everything
    assert withdrawn not in everything

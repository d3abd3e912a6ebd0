"""« Synthèse de mon profil médical »: chosen, downloaded, filed, sent (VAULT PRO-05, MSG-05)."""

import asyncio
import re
from itertools import pairwise

import pytest
from family_house import LEO, family, open_profile
from tagged_reading import faults_in, text_of, told_in
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

from gateway.flows.synthesis.file import TITLE
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import Card, DocumentStatus

HERE = "/profil/synthese"
EVERY = [
    *("maladies", "entourage", "allergies", "traitements", "vaccination"),
    *("hospitalisations", "mesures", "antecedents-familiaux"),
]
RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
ILLNESS = {"nom": "Asthme", "sorte": "condition", "debut": "2010", "commentaire": "Un\ndeux"}
CONTACT = {"nom": "Marc Durand", "sorte": "emergency", "lien": "SPS", "telephone": "0600000000"}
KEY = "k" * 20
VACCINE = {"cle": KEY, "date": "2016-07-21", "vaccin": "Infanrix Hexa", "lot": "A12"}
WEIGHT = {"cle": KEY, "code": "29463-7", "valeur": "61,5", "date": "12/01/2026 07:12"}


async def filled(client: Browser) -> None:
    for slug, kind, fields in (
        ("maladies", "condition", ILLNESS),
        ("entourage", "contact", CONTACT),
        ("entourage", "directives", {"texte": "Ni sonde ni machine"}),
        ("allergies", "allergy", {"substance": "Pénicilline", "gravite": "severe"}),
    ):
        page = f"/profil/{slug}/ajouter/{kind}"
        assert (await post(client, page, page, **fields))[0] == 303, slug
    vaccine = "/vaccination/ajouter"
    assert (await post(client, vaccine, vaccine, **VACCINE))[0] == 303
    assert (await post(client, "/mesures/ajouter?code=29463-7", "/mesures", **WEIGHT))[0] == 303
    assert (await post(client, "/profil/traitements", "/profil/traitements/rien"))[0] == 303


async def sent(
    client: Browser, end: str = "", *, rubriques: list[str] | None = None, **fields: str
) -> tuple[int, str, bytes]:
    """The form of the page, with these boxes ticked."""
    page = await (await client.get(HERE)).text()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    said = [("rubriques", one) for one in (EVERY if rubriques is None else rubriques)]
    form = [*said, *(hidden | fields).items()]
    answer = await client.post(HERE + end, data=form, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), await answer.read()


def syntheses(house: House) -> list[Card]:
    cards = (one.card for one in house.shelf.shelved.values())
    return [card for card in cards if card.type_code == "DOCPAT08"]


async def test_the_paper_says_what_the_pages_say_and_who_wrote_it() -> None:
    house = House()
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        await filled(client)
        await sign_in_professional(office)
        found = {"nom": "Hypertension", "sorte": "condition", "avec": "Claire"}
        page = f"{RECORD}/profil/maladies/ajouter/condition"
        assert (await post(office, page, page, **found))[0] == 303
        status, _, body = await sent(client, ins="oui")
        told = await (await office.get(f"{RECORD}/profil/maladies")).text()
    assert status == 200
    assert not faults_in(body)
    text = text_of(body)
    for said in (
        *("Nom de naissance : DURAND", "Prénoms : Claire", "INS : 284037511604282"),
        *("Asthme", "Début : 2010", "Pénicilline", "Gravité : sévère", "Marc Durand"),
        *("Lien : conjoint", "Téléphone : 0600000000", "Date : 21 juillet 2016", "Lot : A12"),
        *("Poids", "61,5 kg", "saisie par le titulaire", "Indice de Masse Corporelle"),
        "Par Dr Anne Roux, Médecin, Cabinet des Charmes, complété avec Claire, le",
    ):
        assert (said in text) is (said != "Indice de Masse Corporelle"), said
    assert "Commentaire : Un deux" in text
    for line in re.findall(r"Par (?:le patient|Dr Anne Roux[^<]*), le ", told):
        assert line.strip() in text
    assert "Ni sonde" not in text, "wishes are no part of it"
    parts = [one for one in told_in(body) if one[0] in ("/H2", "/P")]
    after = dict(pairwise(parts))
    none, unsaid = after["/H2", "Traitements"][1], after["/H2", "Antécédents familiaux"][1]
    assert none.startswith("Aucun, indiqué par le patient le ")
    assert unsaid == "Non renseigné"
    assert [one.trace.action for one in house.traces.rows].count("synthesis-downloaded") == 1


async def test_only_what_is_chosen_is_in_it() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await filled(client)
        _, _, body = await sent(client, rubriques=["allergies", "soins", "xx"])
        none = await sent(client, rubriques=["soins"])
        first = await (await client.get("/profil")).text()
        page = await (await client.get(HERE)).text()
    heads = [text for tag, text in told_in(body) if tag == "/H2"]
    assert heads == ["Allergies"]
    assert "284037511604282" not in text_of(body), "the INS is a choice"
    assert none[0] == 422
    assert b"Choisissez au moins une rubrique." in none[2]
    assert re.findall(r'name="rubriques" value="([a-z-]+)" checked', page) == EVERY
    assert f'href="{HERE}"' in first


async def test_what_is_masked_goes_on_no_paper() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await filled(client)
        page = await (await client.get("/profil/maladies")).text()
        entry = re.findall(r'data-id="(\w+)" data-kind="profil"', page)[0]
        path = f"/profil/entrees/{entry}"
        assert (await post(client, path, f"{path}/visibilite", masque="oui", version="1"))[0] == 303
        _, _, body = await sent(client)
    assert "Asthme" not in text_of(body)
    assert "Pénicilline" in text_of(body)


async def test_it_is_filed_and_replaces_the_one_before() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await filled(client)
        status, place, _ = await sent(client, "/enregistrer")
        (first,) = syntheses(house)
        assert (status, place) == (303, f"/documents/{first.id}?fait=ajoute")
        assert (first.title, first.label) == (TITLE, Label.SYNTHESE)
        assert first.by_patient
        assert not faults_in(house.shelf.bodies[first.id])
        _, place, _ = await sent(client, "/enregistrer")
        page = await (await client.get(place)).text()
    before, now = syntheses(house)
    assert (before.status, now.status) == (DocumentStatus.SUPERSEDED, DocumentStatus.CURRENT)
    assert f"{now.id}/modifier" not in page, "the space made it"
    assert f"/documents/supprimer?documents={now.id}" in page


async def test_a_second_click_files_it_once() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        first = await sent(client, "/enregistrer", cle=KEY)
        again = await sent(client, "/enregistrer", cle=KEY)
        no_key = await sent(client, "/enregistrer", cle="")
    assert first[:2] == again[:2]
    assert len(syntheses(house)) == 1
    assert no_key[0] == 422


async def test_two_clicks_at_once_file_it_once() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        both = await asyncio.gather(*(sent(client, "/enregistrer", cle=KEY) for _ in range(2)))
    assert both[0][:2] == both[1][:2]
    assert len(syntheses(house)) == 1


async def test_sending_opens_a_message_that_bears_it() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await sent(client, "/envoyer")
        (card,) = syntheses(house)
        assert (status, place) == (303, f"/messagerie/ecrire?documents={card.id}")


@pytest.mark.parametrize("end", ["", "/enregistrer"])
async def test_a_parent_makes_that_of_a_child(end: str) -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        status, _, body = await sent(client, end)
    if end:
        (card,) = syntheses(house)
        assert (status, card.patient) == (303, key_of(LEO))
    else:
        assert "Prénoms : Léo" in text_of(body)


async def test_a_professional_has_no_such_page() -> None:
    house = House()
    async with visiting(house) as office:
        await sign_in_professional(office)
        assert (await office.get(f"{RECORD}{HERE}")).status == 404
        assert (await office.get(HERE, allow_redirects=False)).status in (303, 404)

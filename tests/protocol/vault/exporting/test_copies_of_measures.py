"""`mesures.csv` of a copy: each measure that its asker may take along (VAULT EXP-02)."""

import csv
import io

from cda_entries import VITALS
from cda_sample import structured
from export_house import copy_of
from vault_house import House, post, sign_in, visiting

from gateway.records.documents.document import Label

TYPED = {"code": "29463-7", "valeur": "62,5", "unite": "kg", "date": "12/01/2026", "cle": "k" * 32}


async def test_a_copy_has_each_measure_as_it_is_shown_and_as_it_came() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        form = {**TYPED, "commentaire": "=1+1"}
        assert (await post(client, "/mesures", "/mesures", **form))[0] == 303
        copy = await copy_of(client, house)
    (told,) = csv.DictReader(io.StringIO(copy.text("mesures.csv")))
    assert (told["mesure"], told["valeur"], told["unite"]) == ("Poids", "62.5", "kg")
    assert told["commentaire"] == "'=1+1"
    assert (told["source"], told["etat"]) == ("saisie par vous", "visible")
    assert "1 mesure, une par ligne" in copy.text("LISEZMOI.html")


async def test_a_copy_has_as_many_measures_as_the_page_and_as_many_observations() -> None:
    """EXP-03, MEA-08: what a certificate tells is counted, once, and not after it was taken out."""
    house = House()
    house.add(
        "Certificat", body=structured(sections=VITALS), mime_type="text/xml", label=Label.CERT_MED
    )
    page = "/mesures/29463-7"
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await post(client, "/mesures", "/mesures", **TYPED))[0] == 303
        shown = await (await client.get(page)).text()
        copy = await copy_of(client, house)
        told = shown.partition('data-state="document"')[0].rpartition('data-id="')[2][:32]
        assert (await post(client, page, f"{page}/{told}/retirer"))[0] == 303
        house.exports.kept.clear()
        after = await copy_of(client, house)
    lines = [*csv.DictReader(io.StringIO(copy.text("mesures.csv")))]
    assert len(lines) == shown.count('<tr data-kind="mesure"') == 2
    assert {one["source"] for one in lines} == {
        "saisie par vous",
        "document de Laboratoire des Charmes",
    }
    observed = copy.resources("Observation")
    assert len(observed) == 2
    (typed,) = (one for one in observed if one["id"].startswith("m-"))
    assert (typed["valueQuantity"]["value"], typed["code"]["coding"][0]["code"]) == (
        62.5,
        "29463-7",
    )
    assert "2 mesures, une par ligne" in copy.text("LISEZMOI.html")
    assert len([*csv.DictReader(io.StringIO(after.text("mesures.csv")))]) == 1

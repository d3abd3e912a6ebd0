"""`mesures.csv` of a copy: each measure that its asker may take along (VAULT EXP-02)."""

import csv
import io

from export_house import copy_of
from vault_house import House, post, sign_in, visiting

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

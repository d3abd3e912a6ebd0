"""Before another's profile no page speaks as if it were the reader's own (PAGES section 2)."""

import re

from family_house import LEO, family, open_profile, page
from vault_house import CLAIRE, sign_in, visiting

from gateway.access.decide import DECISIONS
from gateway.vault.patient.acts import ACTS, said_of
from gateway.vault.reasons import IN_ANOTHER

TO_THE_HOLDER = re.compile(r"\b(vous|votre|vos)\b", re.IGNORECASE)
OWN_WORDS = re.compile(
    r"[Mm]es documents|[Mm]on profil médical|>Moi<|Votre représentant|votre dossier"
)
SIMULATED = "/parametres/acces/simulateur?lecteur=p:801234567890"


def test_each_reason_that_speaks_to_the_holder_is_written_for_others_too() -> None:
    speaking = {rule for rule, one in DECISIONS.items() if TO_THE_HOLDER.search(one.because)}
    assert speaking <= set(IN_ANOTHER)
    assert [said for said in IN_ANOTHER.values() if TO_THE_HOLDER.search(said)] == []


def test_each_act_that_speaks_to_the_holder_is_written_for_others_too() -> None:
    told = {act: said_of(act, in_another=True).replace("rendez-vous", "") for act in ACTS}
    assert {act: said for act, said in told.items() if TO_THE_HOLDER.search(said)} == {}


async def test_a_parent_reads_of_the_child_and_the_holder_of_his_own() -> None:
    house = family()
    own, child = (house.add("Bilan", owner=one) for one in (CLAIRE, LEO))
    paths = (
        *("/documents", "/documents?ajoute_par=moi", "/documents/ajouter", "/documents/supprimer"),
        *("/documents/corbeille", "/historique", SIMULATED),
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "C'est votre espace." in (await page(client, f"/documents/{own}"))[1]
        assert "Mes documents" in (await page(client, "/documents/corbeille"))[1]
        assert await open_profile(client, LEO) == 303
        told = (await page(client, f"/documents/{child}"))[1]
        assert "Le représentant légal gère cet espace." in told
        for path in (f"/documents/{child}", *paths):
            status, told = await page(client, path)
            assert status == 200
            assert OWN_WORDS.search(told) is None, (path, OWN_WORDS.search(told))
        assert "Les documents de Léo" in (await page(client, "/documents/corbeille"))[1]
        assert ">Le titulaire ou un proche<" in (await page(client, "/documents"))[1]

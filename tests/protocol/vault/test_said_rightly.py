"""Small words that a reader stumbles over: who chose, « d'Inès », none and one."""

import re
from dataclasses import replace
from html import unescape

from family_house import LEO, family, open_profile
from vault_house import CLAIRE, PRO_TOKEN, House, key_of, post, sign_in, visiting
from vault_twins import NOW

from gateway.audit.choice import choice_trace
from gateway.flows.family import death, recording
from gateway.flows.filing.arriving import FROM_KNOWN_DOMAIN
from gateway.flows.inviting import end, send
from gateway.flows.prevention import telling
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientIdentity
from gateway.vault.patient.history import DEEDS

ACCESS, ROUX = "/parametres/acces", "801234567890"


async def came(house: House, whose: PatientIdentity, by: str) -> None:
    """A choice that came with the record, as an import writes it."""
    choice = Choice(kind=ChoiceKind.BLOCK, target=ROUX, since=NOW, by=by)
    house.people.chosen.setdefault(key_of(whose), []).append(choice)
    trace = choice_trace(key_of(whose), choice, None, None)
    await house.traces.write([trace])


async def test_a_choice_of_before_is_yours_in_your_space_and_the_holders_in_anothers() -> None:
    house = family()
    for whose in (CLAIRE, LEO):
        await came(house, whose, "patient")
        await came(house, whose, "caisse")
    async with visiting(house) as client:
        await sign_in(client, house)
        for who, chosen_by in (("Vous", "par vous"), ("Le titulaire", "par le titulaire")):
            history = unescape(await (await client.get("/historique")).text())
            named = re.findall(r'<td data-label="Qui">([^<]+)</td>', history)
            assert {who, "L'Assurance maladie"} <= set(named)
            assert not {"patient", "caisse"} & set(named)
            assert f">{chosen_by}</td>" in unescape(await (await client.get(ACCESS)).text())
            assert await open_profile(client, LEO) == 303


async def test_a_name_that_begins_with_a_vowel_is_elided_and_none_is_said_in_words() -> None:
    house = House()
    roux = house.people.pros[0]
    house.people.pros[0] = replace(roux, name="Inès Roux")
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = unescape(await (await client.get(ACCESS)).text())
    assert '<span class="unseen"> d\'Inès Roux</span>' in shown
    assert "1 autorisé · aucun bloqué · aucun document masqué" in shown
    assert PRO_TOKEN not in shown


async def test_one_document_is_said_in_the_singular() -> None:
    house = House()
    first, _ = house.add("Bilan"), house.add("Bilan d'hier")
    async with visiting(house) as client:
        await sign_in(client, house)
        page = f"/documents/{first}"
        await post(client, page, f"{page}/visibilite", masque="oui")
        for asked, said in (
            ("?non_lus=oui", "1 document : non lu<"),
            ("?visibilite=masques", "1 document : masqué<"),
            ("?ajoute_par=professionnel", "2 documents : ajoutés par un professionnel<"),
        ):
            assert said in await (await client.get(f"/documents{asked}")).text(), asked


def test_no_line_of_the_history_says_a_bare_number_for_a_reason() -> None:
    rules = (end.RULE, send.RULE, recording.RULE, death.RULE, telling.RULE, FROM_KNOWN_DOMAIN)
    assert [rule for rule in rules if rule not in DEEDS] == []

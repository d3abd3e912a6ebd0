"""`/desk/3422/code`: another provisional code, to the known contact alone (VAULT DSK-05)."""

import re
from dataclasses import replace

import pytest
from entering_house import EMAIL, MOBILE, ODETTE, SERIAL, handed, house_of_odette
from family_house import LEO, family, page
from family_house import handed as handed_to_parent
from support_house import DESK, PERSON, answering, find
from vault_house import CLAIRE, key_of, post, sign_in, visiting

from gateway.flows.entering.provisional import fits
from gateway.records.patients.account import AccountState
from gateway.records.readers.operator import OperatorRole

CODE = f"{DESK}/code"


async def test_another_code_goes_to_the_known_contact_and_the_former_dies() -> None:
    house = house_of_odette()
    former = await handed(house, email=EMAIL, mobile=MOBILE)
    async with answering(house) as client:
        await find(client, nir=ODETTE.ins or "")
        assert "Envoyer un nouveau code provisoire" in (await page(client, PERSON))[1]
        shown = (await page(client, CODE))[1]
        assert "06 •• •• •• 99" in shown
        assert MOBILE not in shown
        key = key_of(ODETTE).hex()
        said = {"personne": key, "canal": "sms", "motif": "code perdu"}
        status, place, text = await post(client, CODE, CODE, **said)
        assert (status, place) == (303, f"{PERSON}?fait=code")
        letter = house.letters.sent[-1]
        assert (letter["channel"], letter["to"]) == ("sms", MOBILE)
        new = re.findall(r"[2-9A-Z]{4} [2-9A-Z]{4}", letter["body"])[-1].replace(" ", "")
        assert new not in text + (await page(client, place))[1]
        kept = house.activations.kept[key_of(ODETTE)]
        assert fits(kept, new, SERIAL)
        assert not fits(kept, former, SERIAL)
        assert (await post(client, CODE, CODE, **said))[
            0
        ] == 429  # nobody's telephone rings so soon
    (told,) = [one.trace for one in house.traces.rows if one.trace.action == "code-renewed"]
    assert (told.kind, told.actor, told.permitted) == ("operator", "101", True)
    assert b"code perdu" in (told.details or b"")
    assert new.encode() not in (told.details or b"")


@pytest.mark.parametrize(
    ("field", "said"),
    [("canal", ""), ("canal", "letter"), ("canal", "email"), ("motif", "")],
    ids=["no channel", "no such channel", "a contact that is not known", "no reason"],
)
async def test_what_is_missing_sends_nothing(field: str, said: str) -> None:
    house = house_of_odette()
    await handed(house, mobile=MOBILE)
    async with answering(house) as client:
        await find(client, nir=ODETTE.ins or "")
        form = {"personne": key_of(ODETTE).hex(), "canal": "sms", "motif": "code perdu"}
        status, _, text = await post(client, CODE, CODE, **{**form, field: said})
        assert (status, f'id="{field}-error"' in text) == (422, True)
        assert house.letters.sent == []


async def test_who_has_an_open_space_or_no_known_contact_is_sent_no_code() -> None:
    for state, contact in ((AccountState.ACTIVE, MOBILE), (AccountState.CREATED, "")):
        house = house_of_odette()
        await handed(house, mobile=contact)
        kept = house.people.persons[key_of(ODETTE)]
        house.people.persons[kept.key] = replace(kept, state=state)
        async with answering(house) as client:
            await find(client, nir=ODETTE.ins or "")
            assert CODE not in (await page(client, PERSON))[1]
            form = {"personne": key_of(ODETTE).hex(), "canal": "sms", "motif": "x"}
            status, _, _ = await post(client, PERSON, CODE, **form)
            assert status == (409 if state is AccountState.ACTIVE else 422)
            assert house.letters.sent == []


async def test_a_child_s_code_goes_to_the_parent_who_activates_by_it() -> None:
    house = family()
    handed_to_parent(house, LEO, CLAIRE)
    async with answering(house) as client:
        await find(client, nir=LEO.ins or "")
        form = {"personne": key_of(LEO).hex(), "canal": "email", "motif": "lettre perdue"}
        assert (await post(client, CODE, CODE, **form))[0] == 303
        letter = house.letters.sent[-1]
        assert letter["to"] == "claire@exemple.test"
        new = re.findall(r"[2-9A-Z]{4} [2-9A-Z]{4}", letter["body"])[-1]
    async with visiting(house) as client:
        await sign_in(client, house)
        card = {"code": new, "serie": SERIAL, "naissance": "20/05/2016"}
        ticks = {"representant": "oui", "accord": "oui"}
        page_ = "/profils/activer"
        assert (await post(client, page_, page_, **card, **ticks))[0] == 303
        assert house.people.persons[key_of(LEO)].state is AccountState.ACTIVE


@pytest.mark.parametrize(
    "role", [one for one in OperatorRole if one is not OperatorRole.CONSEILLER]
)
async def test_no_other_role_sends_codes(role: OperatorRole) -> None:
    async with answering(house_of_odette(), role) as client:
        assert (await page(client, CODE))[0] == 403

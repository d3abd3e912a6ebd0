"""A patient who is merged into another while an answer is being made, by wire: what is shown is of
one record, decided by its own choices, and the refusal stands in its log."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from msgspec import structs
from vault_house import (
    CLAIRE,
    INS_TEST,
    MARC,
    PRO_TOKEN,
    House,
    key_of,
    sign_in,
    sign_in_professional,
    visiting,
)
from vault_twins import NOW, MemoryShelf

from gateway.records.documents.shelved import Card, Shelved
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey

ROUX = "801234567890"
BEARER = {"Authorization": f"Bearer {PRO_TOKEN}"}
GONE, KEPT = key_of(CLAIRE), key_of(MARC)


@dataclass
class Disturbed(MemoryShelf):
    """Something happens right before it looks for cards, or right after it found a document."""

    act: Callable[[], None] | None = None
    merged: dict[PatientKey, PatientKey] = field(default_factory=dict)

    async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
        self._disturb()
        return await super().cards(self.merged.get(patient, patient), current_only=current_only)

    async def find(self, document: str) -> Shelved | None:
        found = await super().find(document)
        self._disturb()
        return found

    def _disturb(self) -> None:
        act, self.act = self.act, None
        if act is not None:
            act()


def house_of_two() -> tuple[House, Disturbed, str]:
    """Claire agreed to Dr Roux, Marc blocked her; each has a document. An ADT joins them."""
    shelf = Disturbed()
    house = House(shelf=shelf)
    hers = house.add("Bilan de Claire")
    house.add("Bilan de Marc", owner=MARC)
    block = Choice(kind=ChoiceKind.BLOCK, target=ROUX, since=NOW)
    agreed = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=ROUX, since=NOW)
    house.people.chosen[KEPT] = [agreed, block]
    return house, shelf, hers


def merge(house: House, shelf: Disturbed) -> None:
    """Claire's record ends in Marc's, whose choices hold from now on."""
    shelf.merged[GONE] = KEPT
    house.people.persons[GONE] = house.people.persons[KEPT]
    house.people.chosen[GONE] = house.people.chosen[KEPT]
    for name, one in shelf.shelved.items():
        if one.card.patient == GONE:
            shelf.shelved[name] = replace(one, card=structs.replace(one.card, patient=KEPT))


def refusals(house: House) -> set[tuple[str, str]]:
    return {
        (row.trace.action, row.trace.rule)
        for row in house.traces.rows
        if row.trace.patient == KEPT and not row.trace.permitted
    }


@pytest.mark.parametrize("merged", [False, True])
async def test_a_list_at_pro_is_of_one_record(merged: bool) -> None:
    house, shelf, _ = house_of_two()
    async with visiting(house) as client:
        await sign_in_professional(client)
        shelf.act = (lambda: merge(house, shelf)) if merged else None
        answer = await client.get(f"/pro/patients/{GONE.hex()}", allow_redirects=False)
        text = await answer.text()
    assert ("Bilan de Claire" in text) is not merged
    assert "Bilan de Marc" not in text
    assert (("list", "F44") in refusals(house)) is merged


@pytest.mark.parametrize("merged", [False, True])
async def test_a_search_at_fhir_is_of_one_record(merged: bool) -> None:
    house, shelf, _ = house_of_two()
    path = f"/fhir/DocumentReference?patient.identifier=urn:oid:{INS_TEST}|{CLAIRE.ins}"
    async with visiting(house) as client:
        shelf.act = (lambda: merge(house, shelf)) if merged else None
        answer = await client.get(path, headers=BEARER)
        assert (await answer.json(content_type=None))["total"] == (0 if merged else 1)
    assert (("search", "F44") in refusals(house)) is merged


@pytest.mark.parametrize("path", ["/fhir/DocumentReference/{}", "/fhir/Binary/{}"])
@pytest.mark.parametrize("merged", [False, True])
async def test_a_document_found_before_is_refused_by_the_record_it_came_to(
    path: str, merged: bool
) -> None:
    house, shelf, hers = house_of_two()
    async with visiting(house) as client:
        shelf.act = (lambda: merge(house, shelf)) if merged else None
        answer = await client.get(path.format(hers), headers=BEARER)
        absent = await client.get(path.format("f" * 32), headers=BEARER)
        assert answer.status == (404 if merged else 200)
        same = await answer.read() == await absent.read()
        assert same is merged
    assert any(rule == "F44" for _, rule in refusals(house)) is merged


async def test_the_patient_reads_nothing_of_anothers_and_then_the_joined_record() -> None:
    house, shelf, _ = house_of_two()
    async with visiting(house) as client:
        await sign_in(client, house)
        shelf.act = lambda: merge(house, shelf)
        answer = await client.get("/documents", allow_redirects=False)
        assert "Bilan de Marc" not in await answer.text()
        assert answer.status < 500
        text = await (await client.get("/documents")).text()
        assert ("Bilan de Claire" in text, "Bilan de Marc" in text) == (True, True)

"""The holder's own label: decided, traced, undone, and read by no access decision."""

import pytest
from msgspec import structs
from reading_twins import ANNE, DOCTOR, PAUL, FullTraces, House, card

from gateway.errors import DeniedError
from gateway.flows.choices.documents.relabel import relabel
from gateway.flows.reading.decided.facts import document_facts, patient_reader, professional_reader
from gateway.flows.reading.listing import Filters
from gateway.records.documents.document import Label
from gateway.records.readers.access import Origin, Reader, ReaderKind

ANNE_HERSELF, DOCTOR_ROUX = patient_reader(ANNE), professional_reader(DOCTOR)


def house_with(own: Label | None = None) -> House:
    house = House()
    house.shelf.put(card("d1", own_label=own))
    return house


@pytest.mark.parametrize("own", [None, *Label])
@pytest.mark.parametrize("agreed", [True, False])
async def test_no_decision_changes_with_the_patients_label(own: Label | None, agreed: bool) -> None:
    """Every reader, every label: the same rows, the same rules, the same answers as without."""
    plain, marked = house_with(), house_with(own)
    answers = []
    for house in (plain, marked):
        if agreed:
            house.agree()
        told: list[object] = []
        for reader in (ANNE_HERSELF, DOCTOR_ROUX, patient_reader(PAUL)):
            listing = await house.read.list_documents(reader, ANNE)
            told.append([one.id for one in listing.cards])
            asked = await house.read.may_mail(DOCTOR_ROUX, "d1", origin=Origin.GATEWAY)
            told.append(asked)
        told.append([(row.action, row.permitted, row.rule) for row in house.traces.written])
        answers.append(told)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("own", list(Label))
def test_the_facts_of_a_decision_hold_the_official_label_only(own: Label) -> None:
    plain = card("d1")
    assert document_facts(structs.replace(plain, own_label=own)) == document_facts(plain)


async def test_a_professional_is_not_told_the_patients_label() -> None:
    house = house_with(Label.CERT_MED)
    house.agree()
    listing = await house.read.list_documents(DOCTOR_ROUX, ANNE)
    opened = await house.read.open_document(DOCTOR_ROUX, "d1")
    assert [one.own_label for one in (*listing.cards, opened.card)] == [None, None]
    assert listing.labels == {Label.BIOLOGIE: 1}
    none = await house.read.search(DOCTOR_ROUX, ANNE, Filters(labels=frozenset({Label.CERT_MED})))
    assert none.cards == ()


async def test_the_patient_counts_and_filters_by_the_own_label() -> None:
    house = house_with()
    await relabel(house.read, ANNE_HERSELF, "d1", label=Label.CERT_MED)
    asked = Filters(labels=frozenset({Label.CERT_MED}))
    listing = await house.read.search(ANNE_HERSELF, ANNE, asked)
    assert listing.labels == {Label.CERT_MED: 1}
    assert [one.shown_label for one in listing.cards] == [Label.CERT_MED]
    assert listing.cards[0].label is Label.BIOLOGIE


async def test_undone_it_is_the_gateways_label_again() -> None:
    house = house_with(Label.CERT_MED)
    await relabel(house.read, ANNE_HERSELF, "d1", label=None)
    assert house.shelf.shelved["d1"].card.shown_label is Label.BIOLOGIE
    assert [row.action for row in house.traces.written] == ["own-label-undone"]


@pytest.mark.parametrize(
    "reader",
    [DOCTOR_ROUX, patient_reader(PAUL), Reader(kind=ReaderKind.CAREGIVER, id="c")],
)
async def test_nobody_else_changes_it(reader: Reader) -> None:
    house = house_with()
    house.agree()
    with pytest.raises(DeniedError):
        await relabel(house.read, reader, "d1", label=Label.CERT_MED)
    assert house.shelf.shelved["d1"].card.own_label is None


async def test_what_cannot_be_traced_is_not_changed() -> None:
    house = House(traces=FullTraces())
    house.shelf.put(card("d1"))
    with pytest.raises(OSError, match="no space"):
        await relabel(house.read, ANNE_HERSELF, "d1", label=Label.CERT_MED)
    assert house.shelf.shelved["d1"].card.own_label is None


@pytest.mark.parametrize(
    ("reader", "words", "count"),
    [
        (ANNE_HERSELF, "certificats", 1),
        (ANNE_HERSELF, "Certificats MÉDICAUX", 1),
        (ANNE_HERSELF, "certificats bilan", 0),
        (ANNE_HERSELF, "biologie", 0),
        (DOCTOR_ROUX, "biologie", 1),
        (DOCTOR_ROUX, "certificats", 0),
    ],
)
async def test_a_search_finds_by_the_label_that_its_reader_sees(
    reader: Reader, words: str, count: int
) -> None:
    house = house_with(Label.CERT_MED)
    house.agree()
    listing = await house.read.search(reader, ANNE, Filters(words=words))
    assert len(listing.cards) == count


async def test_a_word_of_the_label_and_one_of_the_document_find_it_together() -> None:
    house = house_with()
    house.shelf.found = {"d1"}
    asked = Filters(words="biologie kaleidoscope")
    assert len((await house.read.search(ANNE_HERSELF, ANNE, asked)).cards) == 1

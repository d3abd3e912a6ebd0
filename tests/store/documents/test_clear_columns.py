"""What a column may bear in clear: whatever a sender writes beside codes is read by nobody."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import select
from store_house import document, intake

from gateway.clock import SystemIds
from gateway.records.documents.document import Author
from gateway.records.intake.filing import Intake
from gateway.records.patients.patient import PatientKey
from gateway.store import Store, schema
from gateway.store.documents.coded import class_column, organization_column, type_column

DISEASE, PRACTICE = "Mucoviscidose", "Cabinet du Dr Aubert"


def in_words(ids: SystemIds) -> Intake:
    """A document whose sender writes words where codes belong."""
    author = Author(kind="person", organization_id=PRACTICE, family="Aubert")
    made = intake(ids)
    one = replace(made.understanding.documents[0], type_code=DISEASE, class_code=f"{DISEASE} 2")
    one = replace(one, authors=(author,))
    return structs.replace(made, understanding=replace(made.understanding, documents=(one,)))


async def columns(store: Store) -> tuple[Any, ...]:
    d = schema.document
    query = select(d.c.type_code, d.c.class_code, d.c.organization)
    return tuple(await store.database.read(lambda c: c.execute(query).one()))


async def test_words_in_the_place_of_codes_are_sealed_and_read_as_they_came(
    store: Store, ids: SystemIds
) -> None:
    answer = await store.journal.file(in_words(ids))
    assert await columns(store) == (None, None, None)
    found = await store.shelf.find(answer.documents[0].id)
    assert found is not None
    card = found.card
    assert (card.type_code, card.class_code) == (DISEASE, f"{DISEASE} 2")
    (listed,) = await store.shelf.cards(PatientKey(card.patient))
    assert (listed.type_code, listed.organization) == (DISEASE, card.organization)


async def test_codes_stay_in_clear(store: Store, ids: SystemIds) -> None:
    await store.journal.file(intake(ids))
    assert (await columns(store))[0] == document(b"").type_code


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("1751234565", True),
        ("751234565", True),
        ("12A0001234", True),
        ("2123456789", True),
        ("12345678901234", True),
        ("312345678901234", True),
        ("284037511604282", False),  # an INS
        ("4899900000018001", False),  # RPPS and rank: a person
        ("899900000018", False),
        ("0612345678", False),
        (PRACTICE, False),
        ("751234565\n", False),
    ],
)
def test_only_the_number_of_an_establishment_may_be_read(number: str, *, kept: bool) -> None:
    assert organization_column(number) == (number if kept else None)


@pytest.mark.parametrize("code", ["11502-2", "CERT_DECL", "DOCPAT01"])
def test_coded_types_may_be_read(code: str) -> None:
    assert type_column(code) == code


@pytest.mark.parametrize("code", [DISEASE, "11502-2 ", "", None, "CERT DECL"])
def test_other_types_may_not(code: str | None) -> None:
    assert type_column(code) is None


def test_a_class_of_a_document_is_two_digits_or_an_oid() -> None:
    assert class_column("10") == "10"
    assert class_column("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1") is not None
    assert class_column(DISEASE) is None

"""OBR-3 names an order by its number inside the authority that gave it (HL7 2.5, EI)."""

import pytest
from hl7_samples import PID, message, msh

from gateway.flows.reading.coded.corrections import corrected_by, in_force
from gateway.mapping.hl7v2 import understand
from gateway.records.documents.document import Document
from gateway.records.documents.observation import Observation
from gateway.records.intake.reading import DEFAULT_READING


def read(order: str, value: str = "5.1") -> tuple[Document, list[Observation]]:
    rows = (f"OBR|1|P1|{order}|58410-2^Hemogramme^LN", f"OBX|1|NM|718-7^Hb^LN||{value}||||||F")
    understood = understand(message(msh(), PID, *rows), DEFAULT_READING)
    return understood.documents[0], list(understood.observations[0])


def test_one_number_of_two_authorities_is_two_orders() -> None:
    (one, glucose), (two, culture) = read("12^BIO", "5.1"), read("12^MICRO", "6.2")
    assert one.set_id != two.set_id
    assert one.number_alone == two.number_alone == read("12")[0].set_id
    assert [row.value for row in in_force([glucose, culture])] == ["5.1", "6.2"]


@pytest.mark.parametrize("order", ["12^BIO^1.2.3^ISO", "12^BIO ", " 12^BIO", "12^BIO~13^MICRO"])
def test_one_order_written_otherwise_is_the_same(order: str) -> None:
    assert read(order)[0].set_id == read("12^BIO")[0].set_id
    assert [row.value for row in in_force([read("12^BIO")[1], read(order, "7.3")[1]])] == ["7.3"]


@pytest.mark.parametrize("order", ["12^", '12^""', "12^^", "12"])
def test_a_number_without_authority_is_the_set_that_it_was(order: str) -> None:
    document, _ = read(order)
    assert (document.set_id, document.number_alone) == (read("12")[0].set_id, None)
    assert "^" not in (document.set_id or "")


def test_an_authority_that_is_named_later_corrects_the_rows_of_the_number_alone() -> None:
    (_, first), (_, second), (_, third) = read("12"), read("12^BIO", "6.2"), read("12^BIO", "7.3")
    assert [row.value for row in in_force([first, second, third])] == ["7.3"]
    assert [row.value for row in corrected_by(first, second)] == ["6.2"]
    both = [*first, *second]
    assert in_force([both]) == both, "two orders of one message"


def test_a_universal_id_alone_is_an_authority_and_an_authority_alone_no_order() -> None:
    assert read("12^^1.2.3^ISO")[0].set_id == f"{read('12')[0].set_id}^1.2.3"
    for order in ("^BIO", "", '""^BIO'):
        assert read(order)[0].set_id is None


def test_the_number_is_what_a_sender_looks_for() -> None:
    assert read("12^BIO")[0].identifiers[1:] == ("12",)

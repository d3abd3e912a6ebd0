"""A row that is a title: shown as one, and counted as a result nowhere (CONTRACT section 3)."""

from base64 import b64encode

import pytest
from hl7_samples import PID, cda, message, msh, read
from hypothesis import given
from hypothesis import strategies as st
from shelved_sample import full_document, shelved

from gateway.mapping.fhir.clinical import contents_of

OBR = "OBR|1||A1^labo|58410-2^Hémogramme^LN"
TITLE, VALUE = "OBX|1||NFS^NUMERATION^L||||||||F", "OBX|2|NM|718-7^Hb^LN||13.4|g/dL|||||F"
EMPTY = "OBX|3|NM|6690-2^Leucocytes^LN|||10*9/L|||||F"
KINDS, TEXTS = ("", "NM", "ST"), ("", '""', "^^", "^x", "x")


def test_results_are_those_that_were_observed() -> None:
    understood = read(message(msh(), PID, OBR, TITLE, VALUE, EMPTY))
    assert understood.results == 2
    assert [one.is_heading for one in understood.observations[0]] == [True, False, False]


def test_beside_a_document_a_title_is_no_result_either() -> None:
    paper = f"OBX|3|ED|11502-2^CR^LN||^TEXT^XML^Base64^{b64encode(cda()).decode()}||||||F"
    understood = read(message(msh(), PID, "ORC|NW", OBR, TITLE, VALUE, paper))
    assert understood.documents
    assert understood.results == 1


def test_an_application_is_told_of_no_title_and_each_result_keeps_its_id() -> None:
    found = list(read(message(msh(), PID, OBR, TITLE, VALUE)).observations[0])
    (made,) = contents_of(shelved(full_document()), found, ())
    assert made.id.endswith("-r1")


@given(st.sampled_from(KINDS), *(st.sampled_from(TEXTS) for _ in range(4)), st.sampled_from("FPX"))
def test_the_number_is_that_of_the_rows_as_they_are_read(
    kind: str, value: str, unit: str, span: str, flag: str, status: str
) -> None:
    row = f"OBX|1|{kind}|NFS^NUMERATION^L||{value}|{unit}|{span}|{flag}|||{status}"
    understood = read(message(msh(), PID, OBR, row))
    (observations,) = understood.observations
    assert understood.results == sum(not one.is_heading for one in observations)


@pytest.mark.parametrize("status", ["P", "X", "D", "C"])
def test_a_row_that_something_became_of_is_no_title(status: str) -> None:
    assert read(message(msh(), PID, OBR, TITLE[:-1] + status)).results == 1

"""HL7v3 of the DMP's patient services: a question is understood, or told what to mend."""

import csv
from pathlib import Path

import pytest
from dmp_messages import DEVICE, INS, INS_OID, identifier, query

from gateway.mapping.dmp.interaction import Identifier, Reason, read_interaction, read_patient_query
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xml import parse_xml

CORPUS = Path(__file__).parents[5] / "shared" / "corpus" / "xds"


def test_a_query_says_who_is_asked_about_and_why() -> None:
    asked = read_patient_query(parse_xml(query(reason="CNSLT_DATA")))

    assert (asked.ins, asked.ins_oid, asked.reason) == (INS, INS_OID, Reason.ADMINISTRATIVE)
    assert asked.message_id == Identifier(f"{DEVICE}.1", "m-1")
    assert asked.query_id == Identifier(f"{DEVICE}.2", "q-1")
    assert (asked.sender, asked.processing) == (Identifier(DEVICE), "D")


def test_the_same_patient_written_twice_is_one() -> None:
    assert read_patient_query(parse_xml(query(more=identifier()))).ins == INS


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (query(reason="FERM"), "TEST_EXST"),
        (query(reason=""), "TEST_EXST"),
        (query(patient="<h:nothing/>"), "un patient et un seul"),
        (query(more=identifier("181066938301968")), "un patient et un seul"),
        (query(patient=identifier("12345")), "15 caractères"),
        (query(patient=identifier(oid="1.2.3")), "son OID"),
        (query().replace(b'"q-1"', b'"' + b"q" * 201 + b'"'), "200 caractères"),
        (query().replace(b"h:queryId root", b"h:queryId other"), "queryId"),
        (query().replace(b"PRPA_IN", b"OTHER_IN"), "PRPA_IN"),
        (query().replace(b"urn:hl7-org:v3", b"urn:other"), "PRPA_IN"),
    ],
)
def test_a_query_that_is_wrong_is_told_what_to_mend(sent: bytes, says: str) -> None:
    with pytest.raises(FaultError, match=says) as caught:
        read_patient_query(parse_xml(sent))

    assert caught.value.code == "Sender"
    assert INS not in caught.value.reason


def test_an_acknowledgement_is_read_as_an_attribute_and_as_an_element() -> None:
    head = '<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3">'
    for inside in (
        '<acknowledgement typeCode="AA"/>',
        '<acknowledgement><typeCode code="AA"/></acknowledgement>',
    ):
        read = read_interaction(parse_xml(f"{head}{inside}</PRPA_IN201308UV02>".encode()))
        assert (read.acknowledgement, read.is_answer) == ("AA", True)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_every_interaction_of_the_corpus_is_read_as_it_was_extracted() -> None:
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["root"].startswith("PRPA_IN")]
    assert rows

    for row in rows:
        read = read_interaction(parse_xml((CORPUS / row["file"]).read_bytes()))
        codes = f"queryResponseCode={read.response}" if read.response else ""
        said = (read.name, read.transaction, "response" if read.is_answer else "request")
        assert said == (row["root"], row["transaction"], row["direction"]), row["file"]
        told = (read.acknowledgement or "", codes)
        assert told == (row["response_status"], row["codes"]), row["file"]
        assert read.id is not None
        assert read.query_id is not None

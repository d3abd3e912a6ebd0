"""A stored document as a FHIR resource: PDSm's mapping, valid for any document we may hold."""

from dataclasses import replace

import orjson
import pytest
from fhir_sample import raw, reference
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from shelved_sample import EMPTY_SHA1, WHO, full_document, shelved

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.written.emit import document_reference, identifier_of, outcome, searchset
from gateway.records.documents.document import (
    Author,
    Document,
)
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.patient import PatientIdentity

times = st.one_of(
    st.none(),
    st.sampled_from(["2026", "2026-03", "2026-03-12", "2026-03-12T10:17:00Z", "2026-03-12T10:17Z"]),
    st.text(max_size=12),
)


def test_each_attribute_stands_where_pdsm_puts_it() -> None:
    made = orjson.loads(document_reference(shelved(full_document())))
    assert made["masterIdentifier"] == {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}
    assert [one["value"] for one in made["identifier"]] == ["MSG-1", "ORD-1"]
    assert made["type"]["coding"][0]["system"] == "http://loinc.org"
    assert made["subject"]["identifier"]["value"] == WHO.ins
    attachment = made["content"][0]["attachment"]
    assert attachment["hash"] == "2jmj7l5rSw0yVb/vlWAYkK/YBwk="
    assert attachment["url"] == f"Binary/{'a' * 32}"
    assert attachment["creation"] == made["date"] == "2026-03-12T08:17:00Z"
    assert made["context"]["period"] == {"start": "2026-03-11"}
    assert made["relatesTo"][0]["target"]["identifier"]["value"] == "urn:oid:1.2.2"
    codes = [label["coding"][0]["code"] for label in made["securityLabel"]]
    assert codes == ["N", "MASQUE_PS"]


@pytest.mark.parametrize(
    ("unique_id", "system", "value"),
    [
        ("1.2.3", "urn:ietf:rfc:3986", "urn:oid:1.2.3"),
        ("1.2.3^A7", "urn:oid:1.2.3", "A7"),
        (
            "0E1E7A42-1111-4222-8333-0123456789AB",
            "urn:ietf:rfc:3986",
            "urn:uuid:0e1e7a42-1111-4222-8333-0123456789ab",
        ),
    ],
)
def test_a_unique_id_is_an_oid_a_uuid_or_root_and_extension(
    unique_id: str, system: str, value: str
) -> None:
    assert identifier_of(unique_id) == {"system": system, "value": value}


@pytest.mark.parametrize(
    ("unique_id", "made"),
    [
        (
            "http://hospital.example/docs^X1",
            {"system": "http://hospital.example/docs", "value": "X1"},
        ),
        (
            "http://hospital.example/X1",
            {"system": "urn:ietf:rfc:3986", "value": "http://hospital.example/X1"},
        ),
        ("ORDER-7", {"value": "ORDER-7"}),
        ("house^7", {"value": "house^7"}),
    ],
)
def test_a_name_that_is_no_oid_is_not_called_one(unique_id: str, made: dict[str, str]) -> None:
    assert identifier_of(unique_id) == made


def test_other_names_are_written_with_their_systems() -> None:
    names = ("1.2.3^LOG1", "aaaaaaaa-0000-4000-8000-000000000001", "MSG7")
    made = orjson.loads(document_reference(shelved(Document(patient=WHO, identifiers=names))))
    assert made["identifier"] == [
        {"system": "urn:oid:1.2.3", "value": "LOG1"},
        {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{names[1]}"},
        {"value": "MSG7"},
    ]


def test_a_document_of_ours_that_is_replaced_is_named_by_its_address() -> None:
    made = orjson.loads(document_reference(shelved(Document(patient=WHO, replaces="b" * 32))))
    assert made["relatesTo"][0]["target"] == {"reference": f"DocumentReference/{'b' * 32}"}


def test_what_is_archived_says_so_and_nothing_else_does() -> None:
    plain = shelved(full_document())
    archived = replace(plain, card=structs.replace(plain.card, archived_at=plain.card.deposited_at))
    (said,) = orjson.loads(document_reference(archived))["extension"]
    assert (said["url"].rpartition("/")[2], said["valueBoolean"]) == ("pdsm-ext-is-archived", True)
    assert "extension" not in orjson.loads(document_reference(plain))


def test_the_patients_own_mask_is_added_once() -> None:
    made = orjson.loads(document_reference(shelved(full_document(), masked=True)))
    assert len(made["securityLabel"]) == 2
    bare = Document(patient=WHO, sha1=EMPTY_SHA1)
    made = orjson.loads(document_reference(shelved(bare, masked=True)))
    codes = [label["coding"][0]["code"] for label in made["securityLabel"]]
    assert codes == ["N", "MASQUE_PS"]


@given(creation=times, start=times, title=st.none() | st.text(max_size=20), sex=st.booleans())
def test_any_stored_document_makes_a_valid_resource(
    creation: str | None, start: str | None, title: str | None, sex: bool
) -> None:
    document = Document(
        patient=WHO if sex else PatientIdentity(),
        title=title,
        creation_time=creation,
        service_start=start,
        sha1=EMPTY_SHA1,
        authors=(Author(kind="organization"), Author(kind="device")),
    )
    assert orjson.loads(document_reference(shelved(document)))["status"] == "current"


def test_an_outcome_and_an_empty_searchset_are_whole() -> None:
    assert (
        orjson.loads(outcome("not-found", "No such resource."))["issue"][0]["severity"] == "error"
    )
    bundle = orjson.loads(
        searchset([], base="http://h/fhir", total=0, links={"self": "http://h/x"}, issues=[])
    )
    assert (bundle["total"], bundle["type"]) == (0, "searchset")


def test_a_title_with_unbreakable_blanks_is_no_reason_to_fail() -> None:
    made = orjson.loads(document_reference(shelved(replace(full_document(), title="A\u00a0:\fB"))))
    assert made["content"][0]["attachment"]["title"] == "A : B"


def test_what_a_document_belongs_to_is_named_again_with_its_system() -> None:
    sent = {"system": "urn:oid:1.2.250.1.999.7", "value": "ORD-9"}
    taken = reference(context={"related": [{"identifier": sent}, {"reference": "Encounter/1"}]})
    (document,) = understand_fhir(raw(taken), DEFAULT_READING).documents
    told = orjson.loads(document_reference(shelved(document)))
    assert told["context"]["related"] == [{"identifier": sent}]

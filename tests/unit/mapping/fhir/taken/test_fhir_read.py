"""Deposits in FHIR: what is understood, held and refused."""

import base64

import pytest
from fhir_sample import (
    BINARY,
    INS,
    TEXT,
    Json,
    attachment,
    bundle,
    coded,
    patient,
    raw,
    reference,
)

from gateway.mapping.fhir.taken.reach import for_door
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.documents.document import CDA_TYPES, Action, Author, BodyKind, Custodian, Label
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Submission, Understanding


def understood(resource: Json, *, at_door: bool = False) -> Understanding:
    answer = understand_fhir(raw(resource), DEFAULT_READING)
    return for_door(answer) if at_door else answer


def codes(resource: Json, *, at_door: bool = False) -> set[str]:
    return {finding.code for finding in understood(resource, at_door=at_door).findings}


def with_attachment(**changes: object) -> Json:
    changed = {key: value for key, value in (attachment() | changes).items() if value is not None}
    return reference(content=[{"attachment": changed}])


def test_a_document_reference_is_mapped_as_pdsm_says() -> None:
    answer = understood(reference())
    [document] = answer.documents
    assert answer.verdict is Verdict.ACCEPT
    assert answer.findings == ()
    assert document.unique_id == "1.2.250.1.999.1.1"
    assert (document.type_code, document.type_system) == ("11488-4", "2.16.840.1.113883.6.1")
    assert (document.class_code, document.label) == ("10", Label.CPT_REND)
    assert document.creation_time == "2026-01-15T09:15:00Z"
    assert document.service_start == "2026-01-15T08:15:00Z"
    assert document.confidentiality == ("N",)
    assert (document.facility_type, document.practice_setting) == ("SA25", "AMBULATOIRE")
    assert (document.body, document.size) == (BodyKind.TEXT, len(TEXT))
    assert (document.hash_ok, document.size_ok) == (True, True)
    assert document.authors == (
        Author(
            kind="person",
            id="899700000000",
            id_system="1.2.250.1.71.4.2.1",
            family="TESTEUR",
            given="Lou",
            specialty="G15_10/SM03",
        ),
    )
    assert document.custodian == Custodian(
        id="1999999999", id_system="1.2.250.1.71.4.2.2", name="Labo fictif"
    )


def test_the_identity_joins_the_subject_and_its_source_traits() -> None:
    identity = understood(reference()).documents[0].patient
    assert (identity.ins, identity.ins_oid) == (INS["value"], "1.2.250.1.213.1.4.10")
    assert (identity.birth_family, identity.birth_given) == ("PATTE", "Ana")
    assert (identity.birth_givens, identity.used_family) == ("Ana Lise", "PATTE-NEUVE")
    assert (identity.sex, identity.birth_date, identity.birth_place) == ("F", "1955-08-15", "51215")
    assert identity.other_ids == ("1.2.250.1.999.5^L42",)
    assert identity.traits_complete


def test_a_bare_ins_waits_for_the_index_alone() -> None:
    answer = understood(reference(context=None))
    assert answer.verdict is Verdict.HOLD
    assert {finding.code for finding in answer.findings if finding.holds} == {"traits-missing"}


def test_the_document_can_be_cut_out_of_the_input_and_put_back() -> None:
    sent = raw(reference())
    [content] = understand_fhir(sent, DEFAULT_READING).contents
    assert content.body == TEXT
    assert content.piece is not None
    piece = sent[content.piece.start : content.piece.stop]
    assert base64.b64encode(content.body) == piece


def test_base64_that_is_not_canonical_is_no_piece() -> None:
    wrapped = base64.encodebytes(TEXT).decode()
    [content] = understood(with_attachment(data=wrapped)).contents
    assert content.body == TEXT
    assert content.piece is None


def test_an_iti65_transaction_gives_its_submission_and_document() -> None:
    answer = understood(bundle())
    assert answer.verdict is Verdict.ACCEPT
    assert answer.submission == Submission(
        unique_id="1.2.250.1.999.8.1",
        source_id="1.2.250.1.999.7",
        patient_id="1.2.250.1.213.1.4.10^255089999999966",
        time="2026-01-15T09:30:00Z",
        content_type="07",
        author="Lou TESTEUR",
    )
    assert answer.contents[0].body == TEXT


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"hash": "AAAA"}, "hash-mismatch"),
        ({"size": 3}, "size-mismatch"),
        ({"data": None, "url": "http://127.0.0.1:9/x"}, "attachment-not-here"),
        ({"data": None, "url": "file:///etc/passwd"}, "attachment-not-here"),
        ({"data": None, "url": "Binary/1"}, "attachment-not-here"),
        ({"data": None}, "attachment-missing"),
    ],
)
def test_what_inspect_holds_the_door_refuses(changes: Json, code: str) -> None:
    sent = with_attachment(**changes)
    assert understood(sent).verdict is Verdict.HOLD
    assert code in codes(sent)
    assert understood(sent, at_door=True).verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    ("claimed", "size"),
    [(3, 3), (2**31 - 1, 2**31 - 1), (2**31, 0), (10**30, 0), (-1, 0), (True, 0), ("3", 0)],
)
def test_a_claimed_size_is_an_unsigned_int_or_nothing(claimed: object, size: int) -> None:
    sent = with_attachment(data=None, url="Binary/1", size=claimed)
    assert understood(sent).documents[0].size == size


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (with_attachment(data="not base64!"), "base64"),
        (with_attachment(contentType="text/html"), "unsupported-type"),
        (reference(content=None), "content-missing"),
        (reference(relatesTo=[{"code": "eats", "target": {}}]), "relates-to-code"),
        (reference(docStatus="entered-in-error"), "status-not-current"),
        (reference(contained=[patient(), patient()]), "fhir-contained-twins"),
        (reference(id="../../etc"), "fhir-id"),
        ({"resourceType": "Nope"}, "fhir-resource-not-taken"),
        ({"resourceType": "Bundle", "type": "transaction"}, "bundle-empty"),
        ({"resourceType": "Bundle", "type": "document", "entry": []}, "bundle-empty"),
        ({"resourceType": "Bundle", "type": "document", "entry": [{}] * 201}, "bundle-entries"),
        ({"resourceType": "Bundle", "type": "searchset"}, "fhir-resource-not-taken"),
    ],
)
def test_what_is_wrong_for_ever_is_refused(sent: Json, code: str) -> None:
    assert code in codes(sent)
    assert understood(sent).verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7\n1 0 obj", b"\n\n%PDF-1.7", b"%PDF-1.7\n\xe2\xe3", b"x" * 1000 + b"%PDF-1.7"],
)
@pytest.mark.parametrize("mime", ["text/plain", "Text/RTF; charset=utf-8"])
def test_a_pdf_that_is_called_a_text_is_refused(body: bytes, mime: str) -> None:
    sent = reference(content=[{"attachment": attachment(body, mime)}])
    assert "mime-mismatch" in codes(sent)
    assert understood(sent).verdict is Verdict.REFUSE


def test_a_text_that_speaks_of_a_pdf_is_a_text() -> None:
    body = b"x" * 1024 + b"%PDF-"
    sent = reference(content=[{"attachment": attachment(body, "TEXT/Plain; charset=utf-8")}])
    [document] = understood(sent).documents
    assert (document.mime_type, document.body) == ("text/plain", BodyKind.TEXT)
    assert codes(sent) == set()


@pytest.mark.parametrize("mime", sorted(CDA_TYPES))
def test_xml_is_read_as_a_cda_under_each_of_its_types(mime: str) -> None:
    sent = reference(content=[{"attachment": attachment(b"<note/>", mime)}])
    assert "cda-root" in codes(sent)
    assert understood(sent).documents[0].mime_type == mime


def test_a_transaction_is_taken_whole_or_not_at_all() -> None:
    sent = bundle()
    sent["entry"].append({"request": {"method": "POST", "url": "Nope"}, "resource": {}})
    assert "fhir-resource-unknown" in codes(sent)
    assert understood(sent).verdict is Verdict.REFUSE


def test_a_binary_that_is_not_in_the_bundle_is_refused() -> None:
    sent = bundle()
    sent["entry"] = [entry for entry in sent["entry"] if entry["fullUrl"] != BINARY]
    assert "binary-missing" in codes(sent)


def test_two_patients_in_one_transaction_are_refused() -> None:
    sent = bundle()
    sent["entry"][0]["resource"]["subject"] = {"identifier": INS | {"value": "279035121518989"}}
    assert "patient-mismatch" in codes(sent)


def with_second(sent: Json, master: str) -> Json:
    """The transaction with a second document of the same patient, its own bytes."""
    url, binary = (f"urn:uuid:00000000-0000-4000-8000-00000000000{n}" for n in (4, 5))
    more = bundle(reference(masterIdentifier={"system": "urn:ietf:rfc:3986", "value": master}))
    described, held = more["entry"][1:]
    described["fullUrl"], held["fullUrl"] = url, binary
    body = b"Un second document."
    changed = {key: value for key, value in attachment(body).items() if key != "data"}
    described["resource"]["content"] = [{"attachment": changed | {"url": binary}}]
    held["resource"]["data"] = base64.b64encode(body).decode()
    sent["entry"] += [described, held]
    sent["entry"][0]["resource"]["entry"].append({"item": {"reference": url}})
    return sent


def test_two_documents_of_one_transaction_are_both_taken() -> None:
    answer = understood(with_second(bundle(), "urn:oid:1.2.250.1.999.1.2"), at_door=True)
    assert (answer.verdict, len(answer.documents)) == (Verdict.ACCEPT, 2)


def test_one_master_identifier_for_two_documents_is_refused_at_the_door() -> None:
    sent = with_second(bundle(), "urn:oid:1.2.250.1.999.1.1")
    assert "unique-id-twice" in codes(sent)
    assert understood(sent).verdict is Verdict.HOLD
    assert understood(sent, at_door=True).verdict is Verdict.REFUSE


def test_documents_without_a_master_identifier_are_not_the_same() -> None:
    sent = with_second(bundle(reference(masterIdentifier=None)), "urn:oid:1.2.250.1.999.1.1")
    del sent["entry"][3]["resource"]["masterIdentifier"]
    assert "unique-id-twice" not in codes(sent)


def test_a_replacement_names_the_document_it_replaces() -> None:
    target = {"identifier": {"value": "urn:oid:1.2.250.1.999.1.0"}}
    [document] = understood(reference(relatesTo=[{"code": "replaces", "target": target}])).documents
    assert document.action is Action.REPLACE
    assert document.replaces == "1.2.250.1.999.1.0"


def test_a_security_label_of_another_kind_hides_nothing_and_is_no_fault() -> None:
    labels = [
        coded("http://snomed.info/sct", "17621005"),
        coded("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "V"),
    ]
    one = understood(reference(securityLabel=labels))
    assert one.documents[0].confidentiality == ("V",)
    assert understood(reference(securityLabel=labels[:1])).documents[0].confidentiality == ("N",)
    assert "confidentiality-unknown" not in [found.code for found in one.findings]


def test_a_label_of_visibility_is_kept_beside_the_confidentiality() -> None:
    labels = [coded("c", "R"), coded("v", "MASQUE_PS")]
    [document] = understood(reference(securityLabel=labels)).documents
    assert document.confidentiality == ("R", "MASQUE_PS")


def test_a_document_bundle_is_one_document_of_kind_fhir() -> None:
    composition = {
        "resourceType": "Composition",
        "status": "final",
        "type": coded("http://loinc.org", "11488-4"),
        "title": "CR",
        "date": "2026-01-15T10:15:00+01:00",
        "subject": {"reference": "urn:uuid:1"},
        "author": [{"display": "Lou TESTEUR"}],
    }
    sent = {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.7"},
        "entry": [
            {"fullUrl": "urn:uuid:0", "resource": composition},
            {"fullUrl": "urn:uuid:1", "resource": patient()},
        ],
    }
    answer = understood(sent)
    [document] = answer.documents
    assert answer.verdict is Verdict.ACCEPT
    assert (document.body, document.unique_id) == (BodyKind.FHIR, "1.2.250.1.999.1.7")
    assert answer.contents[0].body == raw(sent)
    sent["entry"].reverse()  # type: ignore[attr-defined]  # a list, written above
    assert "bundle-composition" in codes(sent)


def test_no_finding_repeats_a_trait() -> None:
    sent = with_attachment(hash="AAAA", size=1)
    told = " ".join(f"{one.message} {one.where}" for one in understood(sent).findings)
    assert "PATTE" not in told
    assert INS["value"] not in told

"""What the FHIR door answers."""

from datetime import UTC, datetime

import pytest
from fhir_sample import BINARY, bundle, raw

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.written.emit import reference_of
from gateway.mapping.fhir.written.kept import just_filed
from gateway.mapping.fhir.written.outcome import outcome_json, refusal_status, transaction_response
from gateway.records.documents.document import Label
from gateway.records.intake.filing import Filed
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import DEFAULT_READING

FILED = Filed(
    id="d1",
    label=Label.CPT_REND,
    unique_id="1.2.250.1.999.1.1",
    at=datetime(2026, 3, 12, 9, tzinfo=UTC),
)


def finding(code: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code=code, severity=severity, where="Bundle", message="Mend it.")


def test_an_outcome_has_one_issue_a_finding() -> None:
    answer = outcome_json([finding("hash-mismatch"), finding("x", Severity.WARNING)])
    assert answer["resourceType"] == "OperationOutcome"
    assert [issue["severity"] for issue in answer["issue"]] == ["error", "warning"]
    assert answer["issue"][0]["diagnostics"] == "Mend it."
    assert len(outcome_json([])["issue"]) == 1


def test_the_status_is_that_of_the_first_error() -> None:
    warned = finding("json-syntax", Severity.WARNING)
    assert refusal_status([warned, finding("hash-mismatch")]) == 422
    assert refusal_status([finding("json-syntax")]) == 400
    assert refusal_status([finding("json-too-big")]) == 413
    assert refusal_status([finding("unsupported-type")]) == 415
    assert refusal_status([finding("unique-id-conflict")]) == 409
    assert refusal_status([finding("document-withdrawn")]) == 409


def test_a_transaction_is_answered_entry_by_entry() -> None:
    sent = raw(bundle())
    assert understand_fhir(sent, DEFAULT_READING).findings == ()
    documents = understand_fhir(sent, DEFAULT_READING).documents
    warning = finding("x", Severity.WARNING)
    answer = transaction_response(
        sent, [FILED], documents=documents, findings=[warning], receipt="r1"
    )
    responses = [entry["response"] for entry in answer["entry"]]
    assert [one["status"] for one in responses] == ["201 Created"] * 3
    made = just_filed(FILED, documents[0])
    assert made is not None
    version = reference_of(made, documents[0])["meta"]["versionId"]
    assert [(one.get("location"), one.get("etag")) for one in responses] == [
        ("List/r1", None),
        (f"DocumentReference/d1/_history/{version}", f'W/"{version}"'),
        ("Binary/d1/_history/1", 'W/"1"'),
    ]
    assert responses[0]["outcome"]["issue"][0]["severity"] == "warning"


@pytest.mark.parametrize(
    ("full", "url"),
    [
        (BINARY, f"{BINARY}/_history/1"),
        ("http://labo.example/fhir/Binary/b", "Binary/b"),
        ("http://labo.example/fhir/Binary/b", "http://labo.example/fhir/Binary/b/_history/1"),
    ],
)
def test_a_binary_is_told_where_it_is_however_the_document_names_it(full: str, url: str) -> None:
    sent = bundle()
    sent["entry"][2]["fullUrl"] = full
    sent["entry"][1]["resource"]["content"][0]["attachment"]["url"] = url
    assert understand_fhir(raw(sent), DEFAULT_READING).findings == ()
    answer = transaction_response(raw(sent), [FILED], receipt="r1")
    assert answer["entry"][2]["response"]["location"] == "Binary/d1/_history/1"


def test_what_was_here_before_is_no_creation_of_the_transaction() -> None:
    filed = Filed(id="d1", label=Label.CPT_REND, unique_id="1.2.250.1.999.1.1", known=True)
    answer = transaction_response(raw(bundle()), [filed], receipt="r1")
    responses = [entry["response"] for entry in answer["entry"]]
    assert [one["status"] for one in responses] == ["200 OK"] * 3
    assert "location" not in responses[0], "a set of nothing new is not there"


def test_an_exact_copy_of_a_transaction_creates_nothing() -> None:
    filed = Filed(id="d1", label=Label.CPT_REND, unique_id="1.2.250.1.999.1.1")
    answer = transaction_response(raw(bundle()), [filed], copy=True, receipt="r1")
    assert {entry["response"]["status"] for entry in answer["entry"]} == {"200 OK"}
    places = [entry["response"].get("location") for entry in answer["entry"]]
    assert places == ["List/r1", "DocumentReference/d1", "Binary/d1/_history/1"]


def test_what_decided_is_the_first_issue() -> None:
    """Many senders read one issue, and show no other."""
    told = outcome_json([finding("x", Severity.INFO), finding("y", Severity.WARNING), finding("z")])
    assert [issue["details"]["text"] for issue in told["issue"]] == ["z", "y", "x"]


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("/", {}),
        ("Content-Type", {"location": ["http.Content-Type"]}),
        ("Bundle.entry[1].resource", {"expression": ["Bundle.entry[1].resource"]}),
    ],
)
def test_a_place_is_an_element_a_header_or_none(where: str, place: dict[str, list[str]]) -> None:
    """R4: `expression` is a FHIRPath, `location` names a header as `http.` and its name."""
    wrong = Finding(code="x", severity=Severity.ERROR, where=where, message="Mend it.")
    [issue] = outcome_json([wrong])["issue"]
    assert {name: issue[name] for name in ("location", "expression") if name in issue} == place

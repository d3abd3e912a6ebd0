"""What the FHIR door answers."""

from fhir_sample import bundle, raw

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.written.outcome import outcome_json, refusal_status, transaction_response
from gateway.records.documents.document import Label
from gateway.records.intake.filing import Filed
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import DEFAULT_READING


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
    filed = Filed(id="d1", label=Label.CPT_REND, unique_id="1.2.250.1.999.1.1")
    warning = finding("x", Severity.WARNING)
    answer = transaction_response(sent, [filed], receipt="r1", findings=[warning])
    responses = [entry["response"] for entry in answer["entry"]]
    assert [one["status"] for one in responses] == ["201 Created"] * 3
    assert [one["location"] for one in responses] == [
        "List/r1/_history/1",
        "DocumentReference/d1/_history/1",
        "Binary/d1/_history/1",
    ]
    assert responses[0]["outcome"]["issue"][0]["severity"] == "warning"


def test_what_was_here_before_is_no_creation_of_the_transaction() -> None:
    filed = Filed(id="d1", label=Label.CPT_REND, unique_id="1.2.250.1.999.1.1", known=True)
    answer = transaction_response(raw(bundle()), [filed], receipt="r1")
    statuses = [entry["response"]["status"] for entry in answer["entry"]]
    assert statuses == ["201 Created", "200 OK", "200 OK"]


def test_an_exact_copy_of_a_transaction_creates_nothing() -> None:
    filed = Filed(id="d1", label=Label.CPT_REND, unique_id="1.2.250.1.999.1.1")
    answer = transaction_response(raw(bundle()), [filed], receipt="r1", copy=True)
    assert {entry["response"]["status"] for entry in answer["entry"]} == {"200 OK"}
    assert answer["entry"][0]["response"]["location"] == "List/r1/_history/1"

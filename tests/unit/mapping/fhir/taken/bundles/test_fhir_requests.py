"""What each entry of a transaction asks to be done with it (FHIR.md section 2.1)."""

import pytest
from fhir_sample import INS, Json, bundle, patient, practitioner, raw

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

LOT, DOCUMENT = 0, 1
SOMEBODY = "urn:uuid:00000000-0000-4000-8000-00000000000a"
OURS = f"Patient?identifier={INS['system']}|{INS['value']}"
PATCH: Json = {
    "resourceType": "Parameters",
    "parameter": [
        {
            "name": "operation",
            "part": [
                {"name": "type", "valueCode": "replace"},
                {"name": "path", "valueString": "DocumentReference.status"},
                {"name": "value", "valueCode": "superseded"},
            ],
        }
    ],
}


def understood(sent: Json) -> Understanding:
    return understand_fhir(raw(sent), DEFAULT_READING)


def refused(sent: Json) -> list[tuple[str, str]]:
    answer = understood(sent)
    return [(one.code, one.where) for one in answer.findings if one.severity is Severity.ERROR]


def asking(method: str, url: str, resource: Json | None = None) -> Json:
    sent = bundle()
    brought = {"resource": resource} if resource else {}
    request = {"method": method, "url": url}
    sent["entry"].append({"fullUrl": SOMEBODY, "request": request, **brought})
    return sent


def replacing(method: str) -> Json:
    old = "a" * 32
    sent = asking(method, f"DocumentReference/{old}", PATCH)
    target = {"reference": f"DocumentReference/{old}"}
    sent["entry"][DOCUMENT]["resource"]["relatesTo"] = [{"code": "replaces", "target": target}]
    return sent


def test_what_supersedes_a_document_is_a_patch() -> None:
    assert understood(replacing("PATCH")).verdict is Verdict.ACCEPT


def test_a_condition_that_is_not_kept_is_refused() -> None:
    sent = bundle()
    entry = sent["entry"][DOCUMENT]
    name = entry["resource"]["masterIdentifier"]
    own = f"identifier={name['system']}|{name['value']}"
    for condition, found in ((own, []), ("type=11502-2", ["if-none-exist"])):
        entry["request"]["ifNoneExist"] = condition
        assert [code for code, _ in refused(sent)] == found
    entry["request"].pop("ifNoneExist")
    asking_for = asking("POST", "Patient", patient())
    asking_for["entry"][-1]["request"]["ifNoneExist"] = "identifier=x|y"
    assert "if-none-exist" not in [code for code, _ in refused(asking_for)]


@pytest.mark.parametrize("method", ["POST", "PUT", "GET", "HEAD", "DELETE", "patch"])
def test_parameters_with_another_method_are_refused(method: str) -> None:
    assert refused(replacing(method)) == [("bundle-method", "Bundle.entry[3].request.method")]


@pytest.mark.parametrize("method", ["DELETE", "HEAD", "PATCH", "post"])
@pytest.mark.parametrize("resource", [patient(), practitioner()])
def test_what_would_not_be_done_to_a_person_is_refused(method: str, resource: Json) -> None:
    sent = asking(method, f"{resource['resourceType']}/1", resource)
    assert refused(sent) == [("bundle-method", "Bundle.entry[3].request.method")]


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("resource", [patient(), practitioner()])
def test_a_person_may_stand_beside_the_documents(method: str, resource: Json) -> None:
    sent = asking(method, f"{resource['resourceType']}/1", resource)
    assert understood(sent).verdict is Verdict.ACCEPT


@pytest.mark.parametrize("brought", [None, patient()])
def test_the_patient_of_the_deposit_may_be_asked_for_and_is_not_sent_back(
    brought: Json | None,
) -> None:
    answer = understood(asking("GET", OURS, brought))
    assert answer.verdict is Verdict.ACCEPT
    [told] = answer.findings
    assert (told.code, told.severity) == ("patient-not-read", Severity.INFO)
    assert told.where == "Bundle.entry[3].request"


@pytest.mark.parametrize(
    "url",
    [
        f"Patient?identifier={INS['system']}|279035121518989",
        f"Patient?identifier=urn:oid:1.2.3|{INS['value']}",
        "Patient?identifier=x",
        "Patient?name=PATTE",
        "Patient/1",
        "Patient",
        "Practitioner?identifier=https://rpps.esante.gouv.fr|99700000000",
    ],
)
def test_nobody_else_may_be_asked_for(url: str) -> None:
    assert refused(asking("GET", url)) == [("bundle-method", "Bundle.entry[3].request.method")]


def test_a_subject_may_be_the_patient_who_is_asked_for() -> None:
    sent = asking("GET", OURS)
    for number in (LOT, DOCUMENT):
        sent["entry"][number]["resource"]["subject"] = {"reference": SOMEBODY}
    answer = understood(sent)
    assert answer.verdict is Verdict.ACCEPT
    assert answer.documents[0].patient.ins == INS["value"]


def test_a_subject_who_is_asked_for_and_another_are_two() -> None:
    sent = asking("GET", f"Patient?identifier={INS['system']}|279035121518989")
    sent["entry"][DOCUMENT]["resource"]["subject"] = {"reference": SOMEBODY}
    assert "patient-mismatch" in [code for code, _ in refused(sent)]


def test_a_subject_may_be_named_by_the_address_that_is_asked_for() -> None:
    sent = asking("GET", "Patient/7")
    sent["entry"][LOT]["resource"]["subject"] = {"reference": "Patient/7", "identifier": INS}
    assert understood(sent).verdict is Verdict.ACCEPT

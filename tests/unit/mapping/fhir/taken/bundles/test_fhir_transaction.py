"""What the entries of a transaction ask for, and what its SubmissionSet lists."""

import time

import pytest
from fhir_sample import LIST, REFERENCE, Json, bundle, patient, raw, reference

from gateway.mapping.fhir.taken.reach import for_door
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

LOT, DOCUMENT, BINARY = 0, 1, 2
ABSENT = "urn:uuid:00000000-0000-4000-8000-00000000000f"


def codes(resource: Json) -> set[str]:
    return {one.code for one in understand_fhir(raw(resource), DEFAULT_READING).findings}


def verdict(resource: Json) -> Verdict:
    return understand_fhir(raw(resource), DEFAULT_READING).verdict


def at_door(resource: Json) -> Verdict:
    return for_door(understand_fhir(raw(resource), DEFAULT_READING)).verdict


def with_request(number: int, method: str, url: str) -> Json:
    sent = bundle()
    sent["entry"][number]["request"] = {"method": method, "url": url}
    return sent


def listing(*references: str) -> Json:
    sent = bundle()
    items = [{"item": {"reference": one}} for one in references]
    sent["entry"][LOT]["resource"]["entry"] = items
    return sent


def with_folder(method: str, url: str, status: str = "current") -> Json:
    sent = listing(REFERENCE, ABSENT)
    folder = {"resourceType": "List", "status": status, "code": {"coding": [{"code": "folder"}]}}
    request = {"method": method, "url": url}
    sent["entry"].append({"fullUrl": ABSENT, "resource": folder, "request": request})
    return sent


@pytest.mark.parametrize("number", [LOT, DOCUMENT, BINARY])
@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE", "PATCH", "post"])
def test_what_is_filed_is_only_created(number: int, method: str) -> None:
    kind = bundle()["entry"][number]["resource"]["resourceType"]
    sent = with_request(number, method, f"{kind}/abc")
    assert "bundle-method" in codes(sent)
    assert verdict(sent) is Verdict.REFUSE


@pytest.mark.parametrize("url", ["Patient", "List", "DocumentReference/abc", "Patient/x?y=z", "/"])
def test_the_url_of_an_entry_is_that_of_its_type(url: str) -> None:
    assert "bundle-url" in codes(with_request(DOCUMENT, "POST", url))


@pytest.mark.parametrize("url", ["DocumentReference", "/DocumentReference", "DocumentReference/"])
def test_a_slash_around_the_type_does_no_harm(url: str) -> None:
    assert verdict(with_request(DOCUMENT, "POST", url)) is Verdict.ACCEPT


def test_a_folder_may_be_changed() -> None:
    for method, url in (("POST", "List"), ("PUT", "List/abc"), ("PUT", "List")):
        assert verdict(with_folder(method, url)) is Verdict.ACCEPT
    assert "bundle-url" in codes(with_folder("PUT", "Patient/abc"))
    assert "bundle-method" in codes(with_folder("DELETE", "List/abc"))


@pytest.mark.parametrize("status", ["entered-in-error", "superseded", "bogus", None, 7])
def test_only_what_is_current_is_filed(status: object) -> None:
    alone = reference(status=status)
    assert "status-not-current" in codes(alone)
    assert at_door(alone) is Verdict.REFUSE
    assert verdict(alone) is (Verdict.HOLD if status == "superseded" else Verdict.REFUSE)
    sent = bundle()
    sent["entry"][LOT]["resource"]["status"] = status
    assert "status-not-current" in codes(sent)


def test_a_fhir_document_in_a_transaction_is_kept_by_inspect_and_refused_at_the_door() -> None:
    sent = bundle()
    sent["entry"][BINARY]["resource"] = {"resourceType": "Bundle", "type": "document"}
    sent["entry"][BINARY]["request"]["url"] = "Bundle"
    read = understand_fhir(raw(sent), DEFAULT_READING)
    assert (read.verdict, len(read.documents)) == (Verdict.HOLD, 1)
    assert "fhir-document-not-supported" in codes(sent)
    assert at_door(sent) is Verdict.REFUSE


def test_a_folder_is_current_too() -> None:
    assert "status-not-current" in codes(with_folder("POST", "List", status="retired"))


def test_a_submission_set_lists_its_documents() -> None:
    assert verdict(listing(REFERENCE)) is Verdict.ACCEPT
    assert verdict(listing(REFERENCE, REFERENCE)) is Verdict.ACCEPT


@pytest.mark.parametrize(
    "items", [(), (ABSENT,), (REFERENCE, ABSENT), (REFERENCE, "DocumentReference/1"), (LIST,)]
)
def test_a_submission_set_that_lists_others_or_leaves_one_out_is_refused(
    items: tuple[str, ...],
) -> None:
    sent = listing(*items)
    assert "submission-set-entry" in codes(sent)
    assert verdict(sent) is Verdict.REFUSE


def test_an_entry_of_the_list_without_a_reference_is_refused() -> None:
    sent = listing(REFERENCE)
    sent["entry"][LOT]["resource"]["entry"].append({"item": {"display": "x"}})
    assert "submission-set-entry" in codes(sent)


OURS = "a" * 32


def patching(path: str, value: str, url: str = f"DocumentReference/{OURS}") -> Json:
    """A Bundle whose document replaces OURS, with one PATCH beside it."""
    target = {"reference": f"DocumentReference/{OURS}"}
    sent = bundle(reference(relatesTo=[{"code": "replaces", "target": target}]))
    parts = [
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": path},
        {"name": "value", "valueCode": value},
    ]
    patch = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}
    sent["entry"].append({"resource": patch, "request": {"method": "PATCH", "url": url}})
    return sent


def test_what_is_replaced_may_be_patched_to_superseded() -> None:
    by_name = "DocumentReference?identifier=urn:ietf:rfc:3986|urn:oid:1.2.250.1.999.1.0"
    for sent in (
        patching("DocumentReference.status", "superseded"),
        patching("DocumentReference.status", "superseded", by_name),
    ):
        assert verdict(sent) is Verdict.ACCEPT


@pytest.mark.parametrize(
    "sent",
    [
        patching("DocumentReference.status", "superseded", f"DocumentReference/{'b' * 32}"),
        patching("DocumentReference.status", "entered-in-error"),
        patching("DocumentReference.securityLabel", "MASQUE_PS"),
        patching("DocumentReference.status", "superseded", "Patient/1"),
    ],
)
def test_a_patch_that_would_not_be_done_is_refused(sent: Json) -> None:
    assert "patch-not-taken" in codes(sent)
    assert verdict(sent) is Verdict.REFUSE


def test_a_binary_is_found_by_the_end_of_its_address_and_tells_its_type() -> None:
    sent = bundle()
    sent["entry"][BINARY]["fullUrl"] = "https://sender.example/fhir/Binary/7"
    attachment = sent["entry"][DOCUMENT]["resource"]["content"][0]["attachment"]
    attachment["url"] = "Binary/7"
    del attachment["contentType"]
    answer = understand_fhir(raw(sent), DEFAULT_READING)
    assert answer.verdict is Verdict.ACCEPT
    assert answer.documents[0].mime_type == "text/plain"


def with_entry(entry: object) -> Json:
    sent = bundle()
    sent["entry"].append(entry)
    return sent


def posted(resource: Json) -> Json:
    return {"resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}


MARC = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (None, "bundle-entry"),
        ("x", "bundle-entry"),
        (posted({"resourceType": "Binary", "data": "YQ=="}), "binary-unused"),
        (posted({"resourceType": "Patient", "identifier": [MARC]}), "patient-mismatch"),
    ],
)
def test_an_entry_that_would_be_dropped_in_silence_is_refused(entry: object, code: str) -> None:
    assert code in codes(with_entry(entry))
    assert verdict(with_entry(entry)) is Verdict.REFUSE


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
@pytest.mark.parametrize("kind", ["Patient", "DocumentReference", "Task"])
def test_what_a_transaction_asks_and_does_not_bring_is_refused_by_its_method(
    method: str, kind: str
) -> None:
    url = f"{kind}?identifier=urn:oid:1.2.3|4"
    sent = with_entry({"request": {"method": method, "url": url}})
    found = understand_fhir(raw(sent), DEFAULT_READING).findings
    assert [(one.code, one.where) for one in found] == [
        ("bundle-method", "Bundle.entry[3].request.method")
    ]


def test_a_batch_is_told_to_be_a_transaction() -> None:
    sent = bundle() | {"type": "batch"}
    assert codes(sent) == {"fhir-batch"}
    assert verdict(sent) is Verdict.REFUSE


def test_the_patient_of_the_documents_may_stand_beside_them() -> None:
    assert verdict(with_entry(posted(patient()))) is Verdict.ACCEPT


@pytest.mark.parametrize(("times", "refused"), [(2, False), (30, True)])
def test_a_large_binary_that_many_attachments_name_is_not_unpacked(
    times: int, refused: bool
) -> None:
    sent = bundle(body=b"a" * 600_000)
    sent["entry"][DOCUMENT]["resource"]["content"] *= times
    answer = understand_fhir(raw(sent), DEFAULT_READING)
    assert ("binary-repeated" in {one.code for one in answer.findings}) is refused
    assert len(answer.documents) == (0 if refused else times)


def test_what_a_resource_contains_is_gone_through_once() -> None:
    contained = [{"resourceType": "Patient", "id": f"p{number}"} for number in range(8_000)]
    relation = {"code": "replaces", "target": {"reference": "#absent"}}
    sent = reference(contained=contained, relatesTo=[relation] * 4_000)
    start = time.process_time()
    assert "replaces-unread" in codes(sent)
    assert time.process_time() - start < 12

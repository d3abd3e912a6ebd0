"""What the entries of a transaction ask for, and what its SubmissionSet lists."""

import pytest
from fhir_sample import LIST, REFERENCE, Json, bundle, raw, reference

from gateway.mapping.fhir.read import understand_fhir
from gateway.records.finding import Verdict
from gateway.records.reading import DEFAULT_READING

LOT, DOCUMENT, BINARY = 0, 1, 2
ABSENT = "urn:uuid:00000000-0000-4000-8000-00000000000f"


def codes(resource: Json) -> set[str]:
    return {one.code for one in understand_fhir(raw(resource), DEFAULT_READING).findings}


def verdict(resource: Json) -> Verdict:
    return understand_fhir(raw(resource), DEFAULT_READING).verdict


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
    assert verdict(alone) is Verdict.REFUSE
    sent = bundle()
    sent["entry"][LOT]["resource"]["status"] = status
    assert "status-not-current" in codes(sent)


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

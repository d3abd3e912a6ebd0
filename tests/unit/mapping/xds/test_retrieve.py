"""ITI-43: documents by repository and name, and an answer that says what is missing and not why."""

import pytest
from lxml import etree

from gateway.mapping.xds.retrieve import (
    MAX_DOCUMENTS,
    Retrieved,
    RetrieveRefusedError,
    Wanted,
    error_of,
    read_retrieve,
    retrieve_response,
)
from gateway.mapping.xml import Element, parse_xml

OURS = "1.2.250.1.999.1.1"
XDSB = "urn:ihe:iti:xds-b:2007"


def request(*wanted: tuple[str, str]) -> Element:
    asked = "".join(
        f"<DocumentRequest><RepositoryUniqueId>{one}</RepositoryUniqueId>"
        f"<DocumentUniqueId> {two} </DocumentUniqueId></DocumentRequest>"
        for one, two in wanted
    )
    text = f'<RetrieveDocumentSetRequest xmlns="{XDSB}">{asked}</RetrieveDocumentSetRequest>'
    return parse_xml(text.encode())


def test_documents_are_asked_in_order_and_each_once() -> None:
    asked = read_retrieve(request((OURS, "1.2"), (OURS, "1.1"), (OURS, "1.2")))
    assert asked == (Wanted(OURS, "1.2"), Wanted(OURS, "1.1"))


@pytest.mark.parametrize("count", [0, MAX_DOCUMENTS + 1])
def test_none_and_too_many_are_refused(count: int) -> None:
    with pytest.raises(RetrieveRefusedError) as caught:
        read_retrieve(request(*((OURS, f"1.{number}") for number in range(count))))
    assert caught.value.error.code == "XDSRepositoryError"


@pytest.mark.parametrize(
    ("repository", "code"), [(OURS, "XDSDocumentUniqueIdError"), ("1.9", "XDSUnknownRepositoryId")]
)
def test_what_is_not_handed_over_has_the_code_of_what_is_not_there(
    repository: str, code: str
) -> None:
    assert error_of(Wanted(repository, "1.2"), OURS).code == code


def test_the_answer_names_each_document_and_refers_to_its_bytes() -> None:
    found = [
        Retrieved(wanted=Wanted(OURS, f"1.{number}"), mime_type="text/xml", body=b"%d" % number)
        for number in (1, 2)
    ]
    answer, parts = retrieve_response(found, [])
    answer = parse_xml(etree.tostring(answer))
    assert answer[0].get("status", "").endswith("ResponseStatusType:Success")
    assert [etree.QName(one).localname for one in answer[1]] == [
        "RepositoryUniqueId",
        "DocumentUniqueId",
        "mimeType",
        "Document",
    ]
    referred = [one.get("href", "").removeprefix("cid:") for one in answer.iter("{*}Include")]
    assert [parts[one] for one in referred] == [b"1", b"2"]


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (1, "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"),
        (0, "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"),
    ],
)
def test_some_of_several_are_a_partial_success(found: int, status: str) -> None:
    missing = error_of(Wanted(OURS, "1.9"), OURS)
    one = Retrieved(wanted=Wanted(OURS, "1.1"), mime_type="text/xml", body=b"")
    answer, _ = retrieve_response([one] * found, [missing])
    assert answer[0].get("status") == status

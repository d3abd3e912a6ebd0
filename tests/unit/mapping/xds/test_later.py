"""« Later » as each transaction of the registry says it."""

import pytest

from gateway.mapping.xds.busy import later

XDSB = "{urn:ihe:iti:xds-b:2007}"
QUERY = "{urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0}"
RS = "{urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0}"
FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"


@pytest.mark.parametrize(
    ("request_name", "root", "action", "codes"),
    [
        (
            f"{XDSB}ProvideAndRegisterDocumentSetRequest",
            f"{RS}RegistryResponse",
            "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse",
            ("XDSRepositoryBusy", "XDSRepositoryOutOfResources"),
        ),
        (
            f"{XDSB}RetrieveDocumentSetRequest",
            f"{XDSB}RetrieveDocumentSetResponse",
            "urn:ihe:iti:2007:RetrieveDocumentSetResponse",
            ("XDSRepositoryBusy", "XDSRepositoryOutOfResources"),
        ),
        (
            f"{QUERY}AdhocQueryRequest",
            f"{QUERY}AdhocQueryResponse",
            "urn:ihe:iti:2007:RegistryStoredQueryResponse",
            ("XDSRegistryBusy", "XDSRegistryOutOfResources"),
        ),
        (
            "{urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0}SubmitObjectsRequest",
            f"{RS}RegistryResponse",
            "urn:ihe:iti:2010:UpdateDocumentSet-Response",
            ("XDSRegistryBusy", "XDSRegistryOutOfResources"),
        ),
    ],
)
def test_later_is_a_failure_of_the_transaction(
    request_name: str, root: str, action: str, codes: tuple[str, str]
) -> None:
    for disk_full, code in zip((False, True), codes, strict=True):
        told = later(request_name, "Send it again.", disk_full=disk_full)
        assert told is not None
        assert (told.body.tag, told.action, told.code) == (root, action, code)
        responses = [one for one in told.body.iter() if one.get("status")]
        assert [one.get("status") for one in responses] == [FAILURE]
        [error] = told.body.iter(f"{RS}RegistryError")
        assert (error.get("errorCode"), error.get("codeContext")) == (code, "Send it again.")


def test_what_has_no_such_answer_is_told_by_a_fault() -> None:
    assert later("{urn:hl7-org:v3}PRPA_IN201307UV02", "Later.", disk_full=False) is None

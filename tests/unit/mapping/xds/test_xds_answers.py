"""RegistryResponse, and which error codes a sender is told (XDS.md section 9)."""

import pytest

from gateway.mapping.xds.answers import ERROR, RS, WARNING, Status, registry_response
from gateway.mapping.xds.errors import HELD, RegistryError, registry_errors
from gateway.records.intake.finding import Finding, Severity, Verdict


def finding(code: str, severity: Severity = Severity.ERROR, *, holds: bool = False) -> Finding:
    return Finding(code=code, severity=severity, where="doc", message="Mend it.", holds=holds)


def test_a_success_without_anything_to_say_has_no_list() -> None:
    answer = registry_response(Status.SUCCESS)

    assert answer.tag == f"{RS}RegistryResponse"
    assert answer.get("status") == "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
    assert len(answer) == 0


def test_each_error_is_told_with_its_place_and_the_worst_severity_stands_above() -> None:
    errors = [
        RegistryError("XDSMissingDocument", "Send it.", "doc-1"),
        RegistryError(HELD, "Kept.", is_warning=True),
    ]

    [listed] = registry_response(Status.FAILURE, errors)

    assert listed.get("highestSeverity") == ERROR
    assert [one.get("severity") for one in listed] == [ERROR, WARNING]
    assert dict(listed[0].attrib) == {
        "errorCode": "XDSMissingDocument",
        "codeContext": "Send it.",
        "location": "doc-1",
        "severity": ERROR,
    }


def test_a_list_of_warnings_is_a_warning() -> None:
    [listed] = registry_response(Status.SUCCESS, [RegistryError(HELD, "", is_warning=True)])

    assert listed.get("highestSeverity") == WARNING


def test_what_xml_cannot_hold_is_left_out_of_an_answer() -> None:
    [listed] = registry_response(Status.FAILURE, [RegistryError("A\x00B", "c\x1fd", "\ud800")])

    assert [listed[0].get(name) for name in ("errorCode", "codeContext", "location")] == [
        "AB",
        "cd",
        "",
    ]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("unique-id-conflict", "XDSNonIdenticalHash"),
        ("patient-mismatch", "XDSPatientIdDoesNotMatch"),
        ("replaced-not-approved", "XDSReplaceFailed"),
        ("vault-absent", "XDSUnknownPatientId"),
        ("version-not-latest", "XDSRegistryDeprecatedDocumentError"),
        ("hash-mismatch", "XDSRepositoryMetadataError"),
        ("one-that-comes-later", "XDSRepositoryMetadataError"),
    ],
)
def test_a_refusal_names_the_code_of_each_error(code: str, told: str) -> None:
    others = [finding("class-differs", Severity.WARNING), finding("already", Severity.INFO)]

    errors = registry_errors(Verdict.REFUSE, [finding(code), *others])

    assert [(one.code, one.is_warning) for one in errors] == [(told, False)]


def test_a_refusal_is_never_silent() -> None:
    assert registry_errors(Verdict.REFUSE, ()) == [
        RegistryError("XDSRepositoryError", "The request was refused.")
    ]


def test_what_is_held_is_told_and_nothing_else_is_told_so() -> None:
    found = [finding("class-differs", Severity.WARNING), finding("type-differs", Severity.WARNING)]
    held = [finding("type-differs", Severity.WARNING, holds=True)]

    assert [one.code for one in registry_errors(Verdict.HOLD, [*found, *held])] == [HELD]
    assert [one.code for one in registry_errors(Verdict.HOLD, found)] == [HELD]
    assert registry_errors(Verdict.ACCEPT, found) == []


def test_metadata_that_are_not_kept_are_told_of_what_is_accepted() -> None:
    found = [finding("relation-not-kept", Severity.WARNING)]

    [told] = registry_errors(Verdict.ACCEPT, found)

    assert (told.code, told.is_warning) == ("XDSExtraMetadataNotSaved", True)

"""A stored query is read as it is meant, and refused with the code that says what to mend."""

import pytest
from registry_sample import (
    ALL_APPROVED,
    APPROVED,
    FIND_DOCUMENTS,
    FIND_SETS,
    GET_DOCUMENTS,
    GET_RELATED,
    GET_SET_AND_CONTENTS,
    STATUS,
    Slots,
    query,
    request,
    urn_of,
)

from gateway.mapping.xds.query.asked import MAX_VALUES, QueryRefusedError, read_query

WHO = "'255069999999924^^^&1.2.250.1.213.1.4.10&ISO^NH'"
EVENTS, TITLE = "$XDSDocumentEntryEventCodeList", "$XDSDocumentEntryTitle"


def refusal(name: str, slots: Slots, **how: object) -> str:
    with pytest.raises(QueryRefusedError) as caught:
        query(name, slots, **how)  # type: ignore[arg-type]  # returns or twice
    return caught.value.error.code


def test_values_of_several_elements_are_one_list() -> None:
    written = [f"('{STATUS}Approved')", f"('{STATUS}Deprecated','x')"]
    asked = query(FIND_DOCUMENTS, {"$XDSDocumentEntryStatus": written})
    values = asked.values("$XDSDocumentEntryStatus")
    assert values == (f"{STATUS}Approved", f"{STATUS}Deprecated", "x")


def test_an_apostrophe_is_doubled_and_white_space_around_a_value_is_none_of_it() -> None:
    asked = query(
        FIND_SETS,
        {"$XDSSubmissionSetStatus": APPROVED, "$XDSSubmissionSetSourceId": "( 'l''un' ,\n ' b ' )"},
    )
    assert asked.values("$XDSSubmissionSetSourceId") == ("l'un", "b")


@pytest.mark.parametrize("written", [WHO, f"({WHO})"])
def test_a_patient_is_named_with_or_without_brackets(written: str) -> None:
    asked = query(FIND_DOCUMENTS, {**ALL_APPROVED, "$XDSDocumentEntryPatientId": written})
    [patient] = asked.patients
    assert patient is not None
    assert (patient.id, patient.oid) == ("255069999999924", "1.2.250.1.213.1.4.10")


@pytest.mark.parametrize("written", ["20260115", "'20260115'", "('20260115')"])
def test_a_time_stands_with_or_without_apostrophes(written: str) -> None:
    asked = query(FIND_DOCUMENTS, {**ALL_APPROVED, "$XDSDocumentEntryCreationTimeFrom": written})
    assert asked.one("$XDSDocumentEntryCreationTimeFrom") == "20260115000000"


def test_a_second_slot_of_a_list_that_documents_repeat_is_one_condition_more() -> None:
    asked = query(
        FIND_DOCUMENTS, {**ALL_APPROVED, EVENTS: "('A^^1.2')"}, twice={EVENTS: "('B^^1.2')"}
    )
    assert asked.each(EVENTS) == (("A^^1.2",), ("B^^1.2",))


def test_a_parameter_that_the_query_does_not_have_is_passed_over() -> None:
    assert query(FIND_DOCUMENTS, {**ALL_APPROVED, TITLE: "unquoted ((", "$uuid": "('x')"})


def test_the_id_of_a_query_is_compared_without_case() -> None:
    body = request(FIND_DOCUMENTS.upper().replace("URN:UUID", "urn:uuid"), ALL_APPROVED)
    assert read_query(body).stored.name == "FindDocuments"


@pytest.mark.parametrize(
    "unknown",
    [
        "urn:uuid:3d1bdb10-39a2-11de-89c2-2f44d94eaa9f",
        "urn:uuid:50d3f5ac-39a2-11de-a1ca-b366239e58df",
        "",
        "x",
    ],
)
def test_a_query_of_several_patients_or_of_none_that_is_known_is_unknown(unknown: str) -> None:
    assert refusal(unknown, ALL_APPROVED) == "XDSUnknownStoredQuery"


@pytest.mark.parametrize(
    ("name", "slots", "code"),
    [
        (FIND_DOCUMENTS, {}, "XDSStoredQueryMissingParam"),
        (FIND_DOCUMENTS, {"$XDSDocumentEntryStatus": []}, "XDSStoredQueryMissingParam"),
        (GET_DOCUMENTS, {}, "XDSStoredQueryMissingParam"),
        (GET_RELATED, {"$XDSDocumentEntryUniqueId": "'1.2'"}, "XDSStoredQueryMissingParam"),
        (
            GET_DOCUMENTS,
            {
                "$XDSDocumentEntryUniqueId": "('1.2')",
                "$XDSDocumentEntryEntryUUID": f"('{urn_of(1)}')",
            },
            "XDSStoredQueryParamNumber",
        ),
        (
            GET_SET_AND_CONTENTS,
            {"$XDSSubmissionSetUniqueId": "('1.2','1.3')"},
            "XDSStoredQueryParamNumber",
        ),
        (
            FIND_DOCUMENTS,
            {**ALL_APPROVED, "$XDSDocumentEntryCreationTimeFrom": ["20260115", "20260116"]},
            "XDSStoredQueryParamNumber",
        ),
        (FIND_DOCUMENTS, {"$XDSDocumentEntryStatus": f"{STATUS}Approved"}, "XDSRegistryError"),
        (FIND_DOCUMENTS, {"$XDSDocumentEntryStatus": f"({STATUS}Approved)"}, "XDSRegistryError"),
        (FIND_DOCUMENTS, {"$XDSDocumentEntryStatus": f"('{STATUS}Approved'"}, "XDSRegistryError"),
        (FIND_DOCUMENTS, {"$XDSDocumentEntryStatus": "()"}, "XDSRegistryError"),
        (
            FIND_DOCUMENTS,
            {**ALL_APPROVED, "$XDSDocumentEntryClassCode": "('11')"},
            "XDSRegistryError",
        ),
        (
            FIND_DOCUMENTS,
            {**ALL_APPROVED, "$XDSDocumentEntryClassCode": "('11^^')"},
            "XDSRegistryError",
        ),
        (
            FIND_DOCUMENTS,
            {**ALL_APPROVED, "$XDSDocumentEntryCreationTimeTo": "2026-01"},
            "XDSRegistryError",
        ),
    ],
)
def test_what_is_wrong_has_its_own_code(name: str, slots: Slots, code: str) -> None:
    assert refusal(name, slots) == code


def test_a_second_slot_of_what_stands_once_is_refused() -> None:
    twice: Slots = {"$XDSDocumentEntryStatus": APPROVED}
    assert refusal(FIND_DOCUMENTS, ALL_APPROVED, twice=twice) == "XDSStoredQueryParamNumber"


def test_a_return_type_that_holds_the_documents_is_not_offered() -> None:
    code = refusal(FIND_DOCUMENTS, ALL_APPROVED, returns="LeafClassWithRepositoryItem")
    assert code == "XDSRegistryError"


def test_values_are_counted_before_they_are_kept() -> None:
    many = "(" + ",".join(["'x'"] * (MAX_VALUES + 1)) + ")"
    assert (
        refusal(GET_DOCUMENTS, {"$XDSDocumentEntryUniqueId": many}) == "XDSStoredQueryParamNumber"
    )


def test_patterns_are_fewer_because_each_is_held_against_each_author() -> None:
    many = "(" + ",".join(["'%a'"] * 51) + ")"
    slots: Slots = {**ALL_APPROVED, "$XDSDocumentEntryAuthorPerson": many}
    assert refusal(FIND_DOCUMENTS, slots) == "XDSStoredQueryParamNumber"


def test_a_value_is_no_longer_than_a_name_needs() -> None:
    slots: Slots = {**ALL_APPROVED, "$XDSDocumentEntryAuthorPerson": f"('{'%' * 1_001}')"}
    assert refusal(FIND_DOCUMENTS, slots) == "XDSRegistryError"

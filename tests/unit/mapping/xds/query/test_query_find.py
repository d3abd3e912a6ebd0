"""Each stored query finds what it is for, among what its reader sees."""

import pytest
from registry_sample import (
    ALL_APPROVED,
    APPROVED,
    FIND_BY_REFERENCE,
    FIND_DOCUMENTS,
    FIND_FOLDERS,
    FIND_SETS,
    GET_ALL,
    GET_ASSOCIATIONS,
    GET_DOCUMENTS,
    GET_DOCUMENTS_AND_ASSOCIATIONS,
    GET_RELATED,
    GET_SET_AND_CONTENTS,
    GET_SETS,
    HAS_MEMBER,
    REPLACES,
    STATUS,
    Slots,
    entry,
    query,
    registry,
    urn_of,
)

from gateway.mapping.xds.query.find import Found, find
from gateway.mapping.xds.query.objects import Registry, id_named, unique_id_of
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.understanding import Submission

OLD = entry(1, listed=False, replaced_by=2, status=DocumentStatus.SUPERSEDED)
NEW = entry(2)
OTHER = entry(3, class_code="12", creation_time=None, event_codes=("CODE3",))
HOUSE = registry(NEW, OTHER, OLD)


def asked(name: str, slots: Slots, *, house: Registry = HOUSE, twice: Slots | None = None) -> Found:
    return find(query(name, slots, twice=twice), house)


def numbers(found: Found) -> list[int]:
    return [int(one.card.id, 16) for one in found.entries]


def links(found: Found) -> list[tuple[str, int, int]]:
    return [(a.kind, int(a.source[-12:], 16), int(a.target[-12:], 16)) for a in found.associations]


def by_filter(name: str, *written: str) -> list[int]:
    first, *more = written
    slots: Slots = {**ALL_APPROVED, f"$XDSDocumentEntry{name}": first}
    return numbers(
        asked(FIND_DOCUMENTS, slots, twice={f"$XDSDocumentEntry{name}": one for one in more})
    )


def test_documents_are_found_by_status_and_a_replaced_one_is_in_no_search() -> None:
    both = f"('{STATUS}Approved','{STATUS}Deprecated')"
    assert numbers(asked(FIND_DOCUMENTS, ALL_APPROVED)) == [2, 3]
    assert numbers(asked(FIND_DOCUMENTS, {"$XDSDocumentEntryStatus": both})) == [2, 3]
    assert numbers(asked(FIND_DOCUMENTS, {"$XDSDocumentEntryStatus": "('x')"})) == []


def test_a_status_that_is_not_known_is_passed_over_beside_one_that_is() -> None:
    slots: Slots = {"$XDSDocumentEntryStatus": f"('urn:x:Strange','{STATUS}Approved')"}
    assert numbers(asked(FIND_DOCUMENTS, slots)) == [2, 3]


@pytest.mark.parametrize(
    ("name", "written", "found"),
    [
        ("ClassCode", "('11^^1.2.250.1.213.1.1.4.1')", [2]),
        ("ClassCode", "('11^^urn:oid:1.2.250.1.213.1.1.4.1')", [2]),
        ("ClassCode", "('11^^1.2.3')", []),
        ("ClassCode", "('10^^1.2.250.1.213.1.1.4.1','12^^1.2.250.1.213.1.1.4.1')", [3]),
        ("TypeCode", "('11502-2^^2.16.840.1.113883.6.1')", [2, 3]),
        ("TypeCode", "('11502-2^^1.2.3')", []),
        ("FormatCode", "('urn:ihe:lab:xd-lab:2008^^1.3.6.1.4.1.19376.1.2.3')", [2, 3]),
        ("PracticeSettingCode", "('AMBULATOIRE^^1.2.250.1.213.1.1.4.9')", [2, 3]),
        ("HealthcareFacilityTypeCode", "('SA08^^1.2.250.1.71.4.2.4')", []),
        ("ConfidentialityCode", "('N^^2.16.840.1.113883.5.25')", [2, 3]),
        ("ConfidentialityCode", "('MASQUE_PS^^1.2.250.1.213.1.1.4.13')", []),
        ("AuthorPerson", "('%FICTIVE%')", [2, 3]),
        ("AuthorPerson", "('%NOBODY%')", []),
        ("CreationTimeFrom", "20260115081500", [2]),
        ("CreationTimeTo", "20260115081500", []),
        ("CreationTimeTo", "20260115081501", [2]),
        ("ServiceStartTimeFrom", "2026", [2, 3]),
        ("ServiceStopTimeFrom", "2000", []),
        ("Type", "('urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1')", [2, 3]),
        ("Type", "('urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248')", []),
    ],
)
def test_documents_are_found_by_what_their_metadata_say(
    name: str, written: str, found: list[int]
) -> None:
    assert by_filter(name, written) == found


def test_all_event_codes_that_are_asked_apart_must_be_there() -> None:
    first, second, third = (f"('CODE{number}^^1.2')" for number in (1, 2, 3))
    assert by_filter("EventCodeList", first, second) == [2]
    assert by_filter("EventCodeList", first, third) == []
    assert by_filter("EventCodeList", "('CODE1^^1.2','CODE3^^1.2')") == [2, 3]


def test_a_mask_of_the_patient_is_a_code_of_the_document() -> None:
    masked = registry(entry(1, masked_by_patient=True, codes=("INVISIBLE_PATIENT",)))
    slots: Slots = {
        **ALL_APPROVED,
        "$XDSDocumentEntryConfidentialityCode": "('MASQUE_PS^^1.2.250.1.213.1.1.4.13')",
    }
    [found] = asked(FIND_DOCUMENTS, slots, house=masked).entries
    assert found.document.confidentiality == ("N", "MASQUE_PS", "INVISIBLE_PATIENT")


def test_documents_are_found_by_what_they_belong_to() -> None:
    kind = "urn:ihe:iti:xds:2013:order"
    known: Slots = {
        **ALL_APPROVED,
        "$XDSDocumentEntryReferenceIdList": f"('CMD-7^^^&1.2.3.4&ISO^{kind}')",
    }
    other: Slots = {
        **ALL_APPROVED,
        "$XDSDocumentEntryReferenceIdList": f"('CMD-7^^^&1.2.3.5&ISO^{kind}')",
    }
    assert numbers(asked(FIND_BY_REFERENCE, known)) == [2, 3]
    assert numbers(asked(FIND_BY_REFERENCE, other)) == []


def test_documents_are_got_by_their_entry_uuid_or_logical_id_a_replaced_one_too() -> None:
    for name in ("EntryUUID", "LogicalID"):
        slots: Slots = {
            f"$XDSDocumentEntry{name}": f"('{urn_of(1)}','{urn_of(3).upper()}','{urn_of(9)}','x')"
        }
        assert numbers(asked(GET_DOCUMENTS, slots)) == [3, 1]


def test_of_two_versions_under_one_name_the_one_in_force_is_got() -> None:
    again = entry(4, unique_id="1.2.250.1.999.5")
    before = entry(5, listed=False, replaced_by=4, status=DocumentStatus.SUPERSEDED)
    house = registry(again, before)
    assert numbers(
        asked(GET_DOCUMENTS, {"$XDSDocumentEntryUniqueId": "('1.2.250.1.999.5')"}, house=house)
    ) == [4]
    found = asked(GET_ASSOCIATIONS, {"$uuid": f"('{urn_of(4)}')"}, house=house)
    assert links(found) == [(HAS_MEMBER, 104, 4)]


def test_a_document_without_a_name_has_one_made_of_its_id() -> None:
    house = registry(entry(7, unique_id=None))
    assert numbers(
        asked(GET_DOCUMENTS, {"$XDSDocumentEntryUniqueId": "('2.25.7')"}, house=house)
    ) == [7]
    assert id_named(unique_id_of(f"{7:032x}", None)) == f"{7:032x}"
    assert id_named("2.25.x") is id_named("1.2.25.7") is id_named("2.25." + "9" * 50) is None


def test_a_replacement_links_the_new_one_to_the_old() -> None:
    expected = [(HAS_MEMBER, 101, 1), (REPLACES, 2, 1)]
    assert links(asked(GET_ASSOCIATIONS, {"$uuid": f"('{urn_of(1)}')"})) == expected


def test_nothing_links_to_what_is_not_seen() -> None:
    alone = registry(NEW, OTHER)
    found = asked(GET_ASSOCIATIONS, {"$uuid": f"('{urn_of(1)}','{urn_of(2)}')"}, house=alone)
    assert links(found) == [(HAS_MEMBER, 102, 2)]


def test_documents_are_got_with_what_links_them() -> None:
    found = asked(
        GET_DOCUMENTS_AND_ASSOCIATIONS, {"$XDSDocumentEntryUniqueId": "('1.2.250.1.999.2')"}
    )
    assert numbers(found) == [2]
    assert links(found) == [(HAS_MEMBER, 102, 2), (REPLACES, 2, 1)]


def test_related_documents_are_both_ends_and_none_without_an_association() -> None:
    slots: Slots = {
        "$XDSDocumentEntryEntryUUID": f"'{urn_of(2)}'",
        "$AssociationTypes": f"('{REPLACES}','{HAS_MEMBER}')",
    }
    found = asked(GET_RELATED, slots)
    assert (numbers(found), links(found)) == ([2, 1], [(REPLACES, 2, 1)])
    appended = {**slots, "$AssociationTypes": "('urn:ihe:iti:2007:AssociationType:APND')"}
    assert len(asked(GET_RELATED, appended)) == 0


def test_sets_are_got_by_a_document_with_what_links_them() -> None:
    found = asked(GET_SETS, {"$uuid": f"('{urn_of(3)}')"})
    assert [one.urn for one in found.sets] == [urn_of(103)]
    assert links(found) == [(HAS_MEMBER, 103, 3)]


@pytest.mark.parametrize(
    ("format_code", "found"), [(None, [3]), ("urn:ihe:lab:xd-lab:2008", [3]), ("other", [])]
)
def test_a_set_is_got_with_its_contents(format_code: str | None, found: list[int]) -> None:
    slots: Slots = {"$XDSSubmissionSetEntryUUID": f"'{urn_of(103)}'"}
    wanted: Slots = (
        {"$XDSDocumentEntryFormatCode": f"('{format_code}^^1.2')"} if format_code else {}
    )
    answer = asked(GET_SET_AND_CONTENTS, {**slots, **wanted})
    assert (len(answer.sets), numbers(answer), len(answer.associations)) == (1, found, len(found))


SAID = Submission(
    unique_id="1.2.250.1.999.77",
    source_id="1.2.250.1.999.8",
    time="2026-02-01T10:00:00Z",
    content_type="04",
    author="FICTIVE CLAIRE",
)


@pytest.mark.parametrize(
    ("name", "written", "is_found"),
    [
        ("SourceId", "('urn:oid:1.2.250.1.999.8')", True),
        ("SourceId", "('1.2.250.1.999.9')", False),
        ("SubmissionTimeFrom", "20260201100000", True),
        ("SubmissionTimeTo", "20260201100000", False),
        ("AuthorPerson", "'%CLAIRE'", True),
        ("AuthorPerson", "'%PAUL%'", False),
        ("ContentType", "('04^^1.2.250.1.213.2.2')", True),
        ("ContentType", "('05^^1.2.250.1.213.2.2')", False),
        ("Status", f"('{STATUS}Deprecated')", False),
    ],
)
def test_sets_are_found_by_what_their_sender_said(
    name: str, written: str, *, is_found: bool
) -> None:
    house = registry(entry(1), said=SAID)
    slots: Slots = {"$XDSSubmissionSetStatus": APPROVED, f"$XDSSubmissionSet{name}": written}
    assert len(asked(FIND_SETS, slots, house=house)) == is_found


def test_a_set_of_which_only_what_was_replaced_is_seen_is_in_no_search() -> None:
    found = asked(FIND_SETS, {"$XDSSubmissionSetStatus": APPROVED})
    assert [one.urn for one in found.sets] == [urn_of(102), urn_of(103)]
    assert asked(GET_SETS, {"$uuid": f"('{urn_of(1)}')"}).sets[0].urn == urn_of(101)


def test_all_of_a_record_comes_with_what_links_it() -> None:
    slots: Slots = {
        "$XDSDocumentEntryStatus": APPROVED,
        "$XDSSubmissionSetStatus": APPROVED,
        "$XDSFolderStatus": APPROVED,
    }
    found = asked(GET_ALL, slots)
    assert numbers(found) == [2, 3]
    assert [one.urn for one in found.sets] == [urn_of(102), urn_of(103)]
    assert links(found) == [(HAS_MEMBER, 102, 2), (HAS_MEMBER, 103, 3), (REPLACES, 2, 1)]


def test_there_are_no_folders() -> None:
    assert len(asked(FIND_FOLDERS, {"$XDSFolderStatus": APPROVED})) == 0

"""An UpdateDocumentSet request as values, and every fault of one (XDS.md section 7)."""

import pytest
from dmp_update import (
    FRENCH,
    HAS_MEMBER,
    IHE_2010,
    STATUS,
    Version,
    availability,
    entry_uuid,
    link,
    slot,
    submission_set,
    update,
)
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.xds.update.request import UpdateRequest, read_update
from gateway.mapping.xml import parse_xml
from gateway.records.documents.update import Availability

INS = "284000000000001"
ONE, OTHER = "01" * 16, "02" * 16
OPERATION = "XDSMetadataUpdateOperationError"
METADATA, UPDATE = "XDSRegistryMetadataError", "XDSMetadataUpdateError"
LOT = submission_set(INS, unique_id="1.2.3")
STATUS_UPDATE = f"{IHE_2010}UpdateAvailabilityStatus"
APPND = "urn:ihe:iti:2007:AssociationType:"


def read(*pieces: str) -> UpdateRequest:
    return read_update(parse_xml(update(*pieces).encode()))


def codes_of(*pieces: str) -> list[str]:
    return [one.code for one in read(*pieces).errors]


def version(**changes: object) -> Version:
    about = {"document": ONE, "ins": INS, "unique_id": "1.2.3.4", **changes}
    return Version(**about)  # type: ignore[arg-type]  # any field of a version


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Approved", "Archived"),
        ("Archived", "Approved"),
        ("Approved", "Deleted"),
        ("Archived", "Deleted"),
    ],
)
def test_each_availability_of_a_dmp_is_read(before: str, after: str) -> None:
    made = read(LOT, availability(ONE, before, after))
    (one,) = made.statuses
    assert (one.document, one.before, one.after) == (ONE, Availability(before), Availability(after))
    assert (made.unique_id, made.patient and made.patient.id) == ("1.2.3", INS)
    assert made.errors == ()


@pytest.mark.parametrize("prefix", [STATUS, FRENCH, ""])
def test_the_last_word_of_a_status_counts(prefix: str) -> None:
    slots = slot("OriginalStatus", f"{prefix}Archived"), slot("NewStatus", f"{prefix}Deleted")
    made = read(
        LOT, link(STATUS_UPDATE, entry_uuid(ONE).upper().replace("URN:UUID", "urn:uuid"), *slots)
    )
    assert (made.errors, made.statuses[0].document) == ((), ONE)


@pytest.mark.parametrize(
    "slots",
    [
        [slot("OriginalStatus", f"{STATUS}Approved")],
        [slot("NewStatus", f"{STATUS}Archived")],
        [slot("OriginalStatus", f"{STATUS}Approved"), slot("NewStatus", f"{STATUS}Withdrawn")],
        [slot("OriginalStatus", f"{STATUS}Approved"), slot("NewStatus", f"{STATUS}Deprecated")],
        [slot("OriginalStatus", f"{STATUS}Approved"), slot("NewStatus", f"{STATUS}Approved")],
        [slot("OriginalStatus", f"{FRENCH}Deleted"), slot("NewStatus", f"{STATUS}Approved")],
        [slot("OriginalStatus", "Approved", "Archived"), slot("NewStatus", f"{FRENCH}Deleted")],
    ],
)
def test_a_status_that_is_missing_wrong_or_the_same_is_no_operation(slots: list[str]) -> None:
    assert codes_of(LOT, link(STATUS_UPDATE, entry_uuid(ONE), *slots)) == [OPERATION]


def test_a_target_that_is_no_id_of_ours_is_not_resolved() -> None:
    slots = slot("OriginalStatus", "Approved"), slot("NewStatus", "Archived")
    for target in ("urn:uuid:1", "Document01", ""):
        assert codes_of(LOT, link(STATUS_UPDATE, target, *slots)) == [
            "UnresolvedReferenceException"
        ]


def test_a_metadata_version_says_what_it_follows_and_its_codes() -> None:
    codes = ("N", "MASQUE_PS", "INVISIBLE_REPRENSANTS_LEGAUX")
    made = read(LOT, version(codes=codes, previous="12").text)
    (one,) = made.entries
    assert (one.document, one.previous) == (ONE, 12)
    assert one.codes == ("N", "MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX")
    assert (one.entry.ids["uniqueId"], made.errors) == ("1.2.3.4", ())


@pytest.mark.parametrize("previous", [None, "no", "", "-1", "1.5", "9" * 10, "١"])
def test_a_previous_version_is_a_number(previous: str | None) -> None:
    assert codes_of(LOT, version(previous=previous).text) == [OPERATION]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"attributes": {"lid": "Document01"}}, "XDSMetadataVersionError"),
        ({"attributes": {"lid": ""}}, "XDSMetadataVersionError"),
        ({"attributes": {"objectType": "urn:uuid:1"}}, "UnmodifiableMetadataError"),
        ({"codes": ()}, METADATA),
        ({"codes": ("N", "SECRET")}, METADATA),
    ],
)
def test_what_a_version_must_say_is_asked_for(changes: dict[str, object], code: str) -> None:
    assert codes_of(LOT, version(**changes).text) == [code]


def test_a_version_is_an_original_of_the_set_and_comes_from_it() -> None:
    text = version().text
    assert codes_of(LOT, text.replace("Original", "Duplicate")) == [OPERATION]
    assert codes_of(LOT, text.replace('sourceObject="SubmissionSet01"', 'sourceObject="x"')) == [
        METADATA
    ]
    entry, _, _ = text.partition("<rim:Association")
    assert codes_of(LOT, entry) == [METADATA]


@pytest.mark.parametrize(
    ("pieces", "codes"),
    [
        ([], [UPDATE]),
        ([link(HAS_MEMBER, "Folder01")], [UPDATE]),
        ([link(f"{IHE_2010}SubmitAssociation", "a"), link(f"{APPND}APND", "b")], [OPERATION]),
        ([link(f"{APPND}APND_TXFM", "b")], [METADATA]),
        ([link(f"{APPND}RPLC", "b")], [UPDATE]),
    ],
)
def test_what_a_dmp_does_not_update_is_refused(pieces: list[str], codes: list[str]) -> None:
    assert codes_of(LOT, *pieces) == codes


def test_one_document_is_updated_once_a_request() -> None:
    twice = [availability(ONE, "Approved", "Archived"), version().text]
    assert codes_of(LOT, *twice) == [OPERATION]
    both = [version().text, version(document=OTHER, name="Document02").text]
    assert codes_of(LOT, *both) == ["XDSRegistryDuplicateUniqueIdInMessage"]


def test_a_request_has_one_set_that_says_all_it_must() -> None:
    piece = availability(ONE, "Approved", "Archived")
    assert METADATA in codes_of(piece)
    assert METADATA in codes_of(LOT, submission_set(INS), piece)
    for name in ("submissionTime", "contentTypeCode", "sourceId", "uniqueId", "patientId"):
        assert codes_of(submission_set(INS, without=[name]), piece) == [METADATA]


def test_a_request_has_a_bounded_number_of_updates() -> None:
    pieces = [availability(f"{one:032x}", "Approved", "Archived") for one in range(101)]
    assert codes_of(LOT, *pieces) == [METADATA]
    assert codes_of(LOT, *pieces[:100]) == []


WORDS = st.sampled_from(
    ["", "1", "x", "Approved", entry_uuid(ONE), "SubmissionSet01", "N", HAS_MEMBER]
)
NAMES = st.sampled_from(
    ["id", "lid", "associationType", "sourceObject", "targetObject", "objectType", "name", "value"]
)


def element(tag: str, about: dict[str, str], inside: str) -> str:
    told = "".join(f' {name}="{value}"' for name, value in about.items())
    return f"<rim:{tag}{told}>{inside}</rim:{tag}>"


TREES = st.recursive(
    st.just(""),
    lambda inner: st.builds(
        element,
        st.sampled_from(
            ["ExtrinsicObject", "RegistryPackage", "Association", "Slot", "ValueList", "Value"]
        ),
        st.dictionaries(NAMES, WORDS, max_size=4),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=8,
)


@given(st.lists(TREES, max_size=4))
def test_any_request_is_read_or_told_what_is_wrong(trees: list[str]) -> None:
    made = read(*trees)
    assert made.errors or made.documents

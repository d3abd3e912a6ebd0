"""Answers of a registry: in full with every attribute that clients need, or by reference."""

from pathlib import Path

import pytest
from lxml import etree
from registry_sample import (
    ALL_APPROVED,
    APPROVED,
    FIND_DOCUMENTS,
    GET_ALL,
    STATUS,
    entry,
    query,
    registry,
    urn_of,
)

from gateway.mapping.xdm.documents import reference
from gateway.mapping.xdm.ebrim.metadata import CLASSIFICATIONS, IDENTIFIERS
from gateway.mapping.xds.errors import RegistryError
from gateway.mapping.xds.query.answer import MAX_LEAVES, found_response, refused_response
from gateway.mapping.xds.query.asked import QueryRefusedError
from gateway.mapping.xds.query.find import Found, find
from gateway.mapping.xml import Element, parse_xml

CORPUS = Path(__file__).resolve().parents[6] / "shared" / "corpus" / "xds"
RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"
RS = "{urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0}"
REPOSITORY = "1.2.250.1.999.1.1"
OLD = entry(1, listed=False, replaced_by=2)
EVERYTHING = {
    "$XDSDocumentEntryStatus": APPROVED,
    "$XDSSubmissionSetStatus": APPROVED,
    "$XDSFolderStatus": APPROVED,
}


def answered(*, leaf: bool = True) -> Element:
    found = find(query(GET_ALL, dict(EVERYTHING)), registry(entry(2), OLD))
    made = found_response(found, leaf=leaf, repository=REPOSITORY)
    return parse_xml(made)


def objects(answer: Element) -> list[Element]:
    return list(answer[-1])


def slots(one: Element) -> dict[str, list[str | None]]:
    return {
        slot.get("name", ""): [value.text for value in slot.iter(f"{RIM}Value")]
        for slot in one.findall(f"{RIM}Slot")
    }


def test_the_root_says_how_it_went_and_how_many_there_are() -> None:
    answer = answered()
    assert dict(answer.attrib) == {
        "status": "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success",
        "startIndex": "0",
        "totalResultCount": "4",
    }
    assert [etree.QName(one).localname for one in objects(answer)] == [
        "ExtrinsicObject",
        "RegistryPackage",
        "Association",
        "Association",
    ]


def test_an_entry_has_what_the_server_adds() -> None:
    [made, *_] = objects(answered())
    assert dict(made.attrib) == {
        "id": urn_of(2),
        "lid": urn_of(2),
        "isOpaque": "false",
        "status": f"{STATUS}Approved",
        "mimeType": "text/xml",
        "objectType": "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1",
    }
    version = made.find(f"{RIM}VersionInfo")
    assert version is not None
    assert version.get("versionName") == "1"
    said = slots(made)
    assert said["repositoryUniqueId"] == [REPOSITORY]
    assert (said["hash"], said["size"]) == (["a" * 40], ["10"])
    assert said["urn:ihe:iti:xds:2013:referenceIdList"] == ["CMD-7^^^&1.2.3.4&ISO"]
    assert said["creationTime"] == ["20260115081500"]
    assert "URI" not in said


def test_an_entry_names_its_patient_and_itself() -> None:
    [made, *_] = objects(answered())
    named = {
        IDENTIFIERS[one.get("identificationScheme", "")]: one.get("value")
        for one in made.findall(f"{RIM}ExternalIdentifier")
    }
    assert named == {
        "patientId": "255069999999924^^^&1.2.250.1.213.1.4.10&ISO^NH",
        "uniqueId": "1.2.250.1.999.2",
    }


def test_every_id_is_a_uuid_of_its_own() -> None:
    ids = [one.get("id", "") for one in answered().iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert all(one.startswith("urn:uuid:") and len(one) == 45 for one in ids)


def test_a_set_says_what_its_sender_left_out() -> None:
    made = objects(answered())[1]
    assert (made.get("id"), made.get("status")) == (urn_of(102), f"{STATUS}Approved")
    assert slots(made)["submissionTime"] == ["20260310093000"]
    named = {
        IDENTIFIERS[one.get("identificationScheme", "")]: one.get("value")
        for one in made.findall(f"{RIM}ExternalIdentifier")
    }
    assert named == {
        "submissionPatientId": "255069999999924^^^&1.2.250.1.213.1.4.10&ISO^NH",
        "submissionUniqueId": "2.25.102",
        "sourceId": "2.25.1",
    }
    kinds = [
        CLASSIFICATIONS.get(one.get("classificationScheme", ""))
        for one in made.findall(f"{RIM}Classification")
    ]
    assert kinds == [None, "submissionAuthor", "contentTypeCode"]


def test_associations_link_a_set_to_its_entry_and_a_document_to_what_it_replaces() -> None:
    first, second = objects(answered())[2:]
    assert first.get("associationType", "").endswith(":HasMember")
    assert slots(first) == {"SubmissionSetStatus": ["Original"]}
    assert second.get("associationType") == "urn:ihe:iti:2007:AssociationType:RPLC"
    assert (second.get("sourceObject"), second.get("targetObject")) == (urn_of(2), urn_of(1))


def test_a_reference_is_the_id_of_the_object_and_nothing_else() -> None:
    full = [one.get("id") for one in objects(answered())]
    referred = objects(answered(leaf=False))
    assert [etree.QName(one).localname for one in referred] == ["ObjectRef"] * 4
    assert [dict(one.attrib) for one in referred] == [{"id": one} for one in full]


def test_nothing_found_is_a_success_with_an_empty_list() -> None:
    answer = parse_xml(found_response(Found(), leaf=True, repository=REPOSITORY))
    assert answer.get("totalResultCount") == "0"
    assert [etree.QName(one).localname for one in answer] == ["RegistryObjectList"]
    assert objects(answer) == []


def test_a_refusal_says_why_before_its_empty_list() -> None:
    answer = refused_response([RegistryError("XDSUnknownStoredQuery", "why")])
    assert answer.get("status", "").endswith(":Failure")
    assert [etree.QName(one).localname for one in answer] == [
        "RegistryErrorList",
        "RegistryObjectList",
    ]
    [error] = answer.iter(f"{RS}RegistryError")
    assert (error.get("errorCode"), error.get("codeContext")) == ("XDSUnknownStoredQuery", "why")


def test_too_many_in_full_are_refused_and_given_by_reference() -> None:
    found = Found(entries=(entry(1),) * (MAX_LEAVES + 1))
    with pytest.raises(QueryRefusedError) as caught:
        found_response(found, leaf=True, repository=REPOSITORY)
    assert caught.value.error.code == "XDSTooManyResults"
    many = parse_xml(found_response(found, leaf=False, repository=REPOSITORY))
    assert many.get("totalResultCount") == str(MAX_LEAVES + 1)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_an_entry_has_the_shape_of_published_ones() -> None:
    """The same children in the same order, and every attribute and identifier of theirs but `home`,
    which is empty there, and `URI`, which is optional."""
    published = parse_xml((CORPUS / "tk2-msg-sq-resp-lc.xml").read_bytes())
    theirs, ours = published[0][0], objects(answered())[0]
    assert set(theirs.attrib) - {"home"} == set(ours.attrib)
    order = list(dict.fromkeys(str(one.tag) for one in theirs if one.tag != f"{RIM}Description"))
    assert list(dict.fromkeys(str(one.tag) for one in ours)) == order
    for tag, scheme in (
        ("Classification", "classificationScheme"),
        ("ExternalIdentifier", "identificationScheme"),
    ):
        wanted = {one.get(scheme) for one in theirs.findall(f"{RIM}{tag}")}
        assert wanted == {one.get(scheme) for one in ours.findall(f"{RIM}{tag}")}
    missing = set(slots(theirs)) - set(slots(ours))
    assert missing == {"URI", "serviceStopTime"}


def test_a_reference_comes_back_as_it_is_asked_for() -> None:
    related = ("1.2.3.4^CMD^7&", "CMD-8")
    made = found_response(
        Found(entries=(entry(1, related=related),)), leaf=True, repository=REPOSITORY
    )
    [told] = [
        values
        for name, values in slots(objects(parse_xml(made))[0]).items()
        if name.endswith(":referenceIdList")
    ]
    assert [reference(one or "") for one in told] == list(related)


def test_a_document_of_a_stop_says_it() -> None:
    found = find(
        query(FIND_DOCUMENTS, dict(ALL_APPROVED)),
        registry(entry(1, service_stop="2026-01-14T09:00:00Z")),
    )
    made = parse_xml(found_response(found, leaf=True, repository=REPOSITORY))
    assert slots(objects(made)[0])["serviceStopTime"] == ["20260114090000"]

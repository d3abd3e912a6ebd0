"""ITI-57 written: a document deleted, or shown and hidden otherwise (XDS.md section 7)."""

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from gateway.mapping.xdm.ebrim.displays import NOTHING_TOLD, shown
from gateway.mapping.xdm.ebrim.metadata import CLASSIFICATIONS, RIM
from gateway.mapping.xdm.ebrim.registry import (
    APPROVED,
    HAS_MEMBER,
    SCHEMES,
    association,
    submission_set,
    submit_objects,
)
from gateway.mapping.xds.query.objects import ARCHIVED
from gateway.mapping.xml import Element, parse_xml
from gateway.records.documents.document import Author
from gateway.records.intake.understanding import Submission

ACTION = "urn:ihe:iti:2010:UpdateDocumentSet"
AVAILABILITY = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
OTHER_STATUS = "XDSMetadataUpdateOperationError"
"""The document has another status than the one that was named."""
SET, ENTRY = "SubmissionSet01", "Document01"
BEFORE = (APPROVED, ARCHIVED)
"""What a document may be that is deleted, the likelier first."""


def delete_request(submission: Submission, entry: str, author: Author, *, before: str) -> Element:
    """`entry` is the entryUUID of the document, `before` the status that it has."""
    slots = (("OriginalStatus", before), ("NewStatus", DELETED))
    return _request(submission, author, association(AVAILABILITY, SET, entry, slots=slots))


def codes_request(
    submission: Submission, entry: Element, codes: Sequence[str], author: Author
) -> Element:
    """A version of the metadata: `entry` as ITI-18 returned it, with these confidentiality codes
    (N first)."""
    told = entry.find(f"{RIM}VersionInfo")
    version = told.get("versionName", "1") if told is not None else "1"
    slots = [("PreviousVersion", version)]
    link = association(HAS_MEMBER, SET, ENTRY, status="Original", slots=slots)
    root = _request(submission, author, link)
    listed = root.find(f"{RIM}RegistryObjectList")
    assert listed is not None  # noqa: S101 - submit_objects writes it
    listed.insert(1, _with_codes(entry, codes))
    return root


def _request(submission: Submission, author: Author, link: str) -> Element:
    listed = submission_set({"id": SET}, submission, title=None, sender=author)
    return parse_xml(submit_objects(listed + link).encode())


def _with_codes(entry: Element, codes: Sequence[str]) -> Element:
    """Its logical id names the version that it follows; only the codes are others."""
    made = deepcopy(entry)
    made.set("lid", entry.get("lid") or entry.get("id") or "")
    made.set("id", ENTRY)
    held = [
        one
        for one in made.iterfind(f"{RIM}Classification")
        if CLASSIFICATIONS.get(one.get("classificationScheme", "")) == "confidentialityCode"
    ]
    place = made.index(held[0]) if held else len(made)
    for one in held:
        made.remove(one)
    for number, code in enumerate(codes):
        made.insert(place + number, _confidentiality(code, number))
    return made


def _confidentiality(code: str, number: int) -> Element:
    known = shown("confidentialityCode", code, NOTHING_TOLD)
    about = {
        "classificationScheme": SCHEMES["confidentialityCode"],
        "classifiedObject": ENTRY,
        "nodeRepresentation": code,
        "id": f"{ENTRY}-c{number}",
    }
    made = etree.Element(f"{RIM}Classification", about)
    slot = etree.SubElement(made, f"{RIM}Slot", name="codingScheme")
    values = etree.SubElement(slot, f"{RIM}ValueList")
    etree.SubElement(values, f"{RIM}Value").text = known.system
    name = etree.SubElement(made, f"{RIM}Name")
    etree.SubElement(name, f"{RIM}LocalizedString", value=known.name or code)
    return made

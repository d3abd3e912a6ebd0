"""METADATA.XML of an XDM archive as plain values: ebRIM objects by nesting, nothing judged yet.

`classifiedObject` and `registryObject` are not followed: in published archives several of them
point elsewhere (XDM_HL7V2 section B3).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.errors import RefusedError
from gateway.mapping.xdm.ebrim.hl7types import plain
from gateway.mapping.xml import Element, parse_xml
from gateway.records.intake.finding import Finding, Severity

RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"
LCM_ROOT = "{urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0}SubmitObjectsRequest"
STABLE_ENTRY = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
SUBMISSION_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
FOLDER = "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2"
ASSOCIATIONS = (
    "urn:oasis:names:tc:ebxml-regrep:AssociationType:",
    "urn:ihe:iti:2007:AssociationType:",
)
ACTION_SLOT = "urn:action:extraMetadataSlot"
REFERENCES = "urn:ihe:iti:xds:2013:referenceIdList"
MAX_ENTRIES = 100
MAX_CLASSIFICATIONS = 1_000
"""Of one object: codes and authors, each of which is kept, listed and written again."""

CLASSIFICATIONS: Mapping[str, str] = {
    "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a": "classCode",
    "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983": "typeCode",
    "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d": "formatCode",
    "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f": "confidentialityCode",
    "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1": "healthcareFacilityTypeCode",
    "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead": "practiceSettingCode",
    "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4": "eventCodeList",
    "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d": "author",
    "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d": "submissionAuthor",
    "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500": "contentTypeCode",
}
IDENTIFIERS: Mapping[str, str] = {
    "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427": "patientId",
    "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab": "uniqueId",
    "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446": "submissionPatientId",
    "urn:uuid:f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a": "folderPatientId",
    "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832": "sourceId",
    "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8": "submissionUniqueId",
}

OF_A_PATIENT = ("submissionPatientId", "folderPatientId")
Slots = Mapping[str, tuple[str, ...]]


class Coded(NamedTuple):
    """A classification: its code, the codingScheme and the label it was written with."""

    code: str
    system: str | None
    label: str | None
    slots: Slots


class Relation(NamedTuple):
    """An Association: `kind` is the last word of its type (HasMember, RPLC, APND, XFRM…)."""

    kind: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryEntry:
    """One ExtrinsicObject or RegistryPackage: attributes of ebRIM by their XDS names; `status` is
    the last word of its availabilityStatus."""

    id: str
    status: str | None = None
    mime_type: str | None = None
    title: str | None = None
    slots: Slots = field(default_factory=dict)
    codes: Mapping[str, tuple[Coded, ...]] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)

    def slot(self, name: str) -> str | None:
        return next(iter(self.slots.get(name, ())), None)

    def coded(self, name: str) -> Coded | None:
        return next(iter(self.codes.get(name, ())), None)

    def code(self, name: str) -> str | None:
        found = self.coded(name)
        return found.code if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """`submissions` is how many SubmissionSets there are; the first is the one that is read.

    `patients` are those of every package, as written: sets, folders and what is neither.
    """

    submission: RegistryEntry | None
    entries: tuple[RegistryEntry, ...]
    submissions: int = 0
    patients: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()

    def replaced_by(self, entry: RegistryEntry) -> str | None:
        """The uniqueId of what this entry replaces by an RPLC association, "" where the
        association names an entry of another registry; None without an association."""
        targets = (
            one.target for one in self.relations if one.kind == "RPLC" and one.source == entry.id
        )
        target = next(targets, None)
        if target is None:
            return None
        here = next((one for one in self.entries if one.id == target), None)
        if here is not None:
            return here.ids.get("uniqueId", "")
        return target.removeprefix("urn:oid:") if target.startswith("urn:oid:") else ""

    def is_replaced_here(self, entry: RegistryEntry) -> bool:
        """Does another entry of this METADATA.XML replace this one?"""
        own = {one.id for one in self.entries} - {entry.id}
        return any(
            one.kind == "RPLC" and one.target == entry.id and one.source in own
            for one in self.relations
        )


def read_metadata(data: bytes) -> Metadata:
    """Raises RefusedError (`xdm-metadata`, or the finding of the XML reader) when unreadable."""
    return metadata_in(parse_xml(data))


def metadata_in(root: Element) -> Metadata:
    """Of a SubmitObjectsRequest, which is METADATA.XML or stands in an XDS message. Raises
    RefusedError (`xdm-metadata`)."""
    lists = root.findall(f"{RIM}RegistryObjectList")
    if root.tag != LCM_ROOT or len(lists) != 1:
        message = "METADATA.XML must be a SubmitObjectsRequest with one RegistryObjectList."
        raise RefusedError(message, finding=_finding(message))
    [listed] = lists
    documents = [one for one in listed.findall(f"{RIM}ExtrinsicObject") if _is_document(one)]
    if len(documents) > MAX_ENTRIES:
        message = f"Send at most {MAX_ENTRIES} documents an archive."
        raise RefusedError(message, finding=_finding(message))
    packages = _submissions(listed)
    return Metadata(
        submission=entry_of(packages[0]) if packages else None,
        entries=tuple(entry_of(one) for one in documents),
        submissions=len(packages),
        patients=tuple(dict.fromkeys(_patients(listed))),
        relations=tuple(_relations(listed)),
    )


def _is_document(element: Element) -> bool:
    return (element.get("objectType") or "").strip().lower() == STABLE_ENTRY


def _submissions(listed: Element) -> list[Element]:
    """Packages classified as a set inside them, or beside them as XDS messages do; else the only
    package that is no folder."""
    packages = listed.findall(f"{RIM}RegistryPackage")
    beside = {
        one.get("classifiedObject")
        for one in listed.findall(f"{RIM}Classification")
        if _is_set(one)
    }
    found = [
        one
        for one in packages
        if any(map(_is_set, one.findall(f"{RIM}Classification"))) or one.get("id") in beside
    ]
    return found or [one for one in packages[:1] if len(packages) == 1 and not _is_folder(one)]


def _is_set(classification: Element) -> bool:
    return _node(classification) == SUBMISSION_SET


def _is_folder(package: Element) -> bool:
    return any(_node(one) == FOLDER for one in package.findall(f"{RIM}Classification"))


def _node(classification: Element) -> str:
    return (classification.get("classificationNode") or "").strip().lower()


def _patients(listed: Element) -> Iterator[str]:
    for package in listed.findall(f"{RIM}RegistryPackage"):
        yield from (value for name, value in _identifiers(package) if name in OF_A_PATIENT)


def _identifiers(element: Element) -> Iterator[tuple[str, str]]:
    for one in element.findall(f"{RIM}ExternalIdentifier"):
        name = IDENTIFIERS.get((one.get("identificationScheme") or "").strip().lower(), "")
        if name and (value := plain(one.get("value"))):
            yield name, value


def _relations(listed: Element) -> Iterator[Relation]:
    for one in listed.findall(f"{RIM}Association"):
        kind = (one.get("associationType") or "").strip()
        for prefix in ASSOCIATIONS:
            kind = kind.removeprefix(prefix)
        yield Relation(kind, one.get("sourceObject") or "", one.get("targetObject") or "")


def entry_of(element: Element) -> RegistryEntry:
    """Of an ExtrinsicObject or a RegistryPackage. Raises RefusedError (`xdm-metadata`)."""
    codes: dict[str, list[Coded]] = {}
    for name, coded in _classifications(element):
        codes.setdefault(name, []).append(coded)
    return RegistryEntry(
        id=element.get("id") or "",
        status=plain((element.get("status") or "").rpartition(":")[2]),
        mime_type=_media_type(element.get("mimeType")),
        title=_name(element),
        slots=_slots(element),
        codes={name: tuple(found) for name, found in codes.items()},
        ids=dict(_identifiers(element)),
    )


def _media_type(written: str | None) -> str | None:
    """Small letters, without parameters: what a document is served as."""
    return plain((written or "").partition(";")[0].lower())


def _classifications(element: Element) -> Iterator[tuple[str, Coded]]:
    found = element.findall(f"{RIM}Classification")
    if len(found) > MAX_CLASSIFICATIONS:
        message = f"An entry has at most {MAX_CLASSIFICATIONS} classifications."
        raise RefusedError(message, finding=_finding(message))
    for one in found:
        name = CLASSIFICATIONS.get((one.get("classificationScheme") or "").strip().lower())
        if name:
            slots = _slots(one)
            system = next(iter(slots.get("codingScheme", ())), None)
            code = plain(one.get("nodeRepresentation")) or ""
            yield name, Coded(code, system, _name(one), slots)


def _slots(element: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for slot in element.findall(f"{RIM}Slot"):
        values = (value.text for value in slot.iterfind(f"{RIM}ValueList/{RIM}Value"))
        kept = tuple(text for text in map(plain, values) if text)
        if kept:
            found.setdefault(slot.get("name") or "", kept)
    return found


def _name(element: Element) -> str | None:
    """The first LocalizedString of rim:Name, in whatever language it is."""
    found = element.find(f"{RIM}Name/{RIM}LocalizedString")
    return plain(found.get("value")) if found is not None else None


def _finding(message: str) -> Finding:
    return Finding(
        code="xdm-metadata", severity=Severity.ERROR, where="METADATA.XML", message=message
    )

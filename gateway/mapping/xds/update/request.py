"""An UpdateDocumentSet request as values: availability and metadata versions, nothing decided.

Every fault of it is told at once. What IHE lets be updated besides (folders, sets, associations,
Deprecated) is no operation of a DMP (XDS.md section 7).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gateway.errors import RefusedError
from gateway.mapping.datatypes.confidentiality import MISSPELT
from gateway.mapping.xdm.ebrim.hl7types import Cx, cx, plain
from gateway.mapping.xdm.ebrim.metadata import (
    RIM,
    Metadata,
    RegistryEntry,
    metadata_in,
)
from gateway.mapping.xdm.subset import missing_in_set
from gateway.mapping.xds.errors import UNRESOLVED, RegistryError
from gateway.mapping.xds.query.objects import id_in
from gateway.mapping.xml import Element
from gateway.records.documents.update import Availability
from gateway.records.readers.access import CODES

METADATA = "XDSRegistryMetadataError"
UPDATE = "XDSMetadataUpdateError"
OPERATION = "XDSMetadataUpdateOperationError"
VERSION = "XDSMetadataVersionError"
IDENTIFIER = "XDSMetadataIdentifierError"
UNMODIFIABLE = "UnmodifiableMetadataError"
OF_PATIENT = "XDSPatientIDReconciliationError"
TWICE = "XDSRegistryDuplicateUniqueIdInMessage"
HAS_MEMBER, AVAILABILITY, SUBMITTED = "HasMember", "UpdateAvailabilityStatus", "SubmitAssociation"
OTHER_KINDS = frozenset({"RPLC", "APND", "XFRM", "XFRM_RPLC", "signs", "IsSnapshotOf"})
"""Relations of IHE that a request may hold: the one that submits them is what is refused."""
WORDS = {one.value: one for one in Availability}
MAX_UPDATES = 100
MAX_DIGITS = 9
Values = Mapping[str, Sequence[str]]


class StatusWanted(NamedTuple):
    """`document` is our id of the target, `where` the Association's."""

    document: str
    before: Availability
    after: Availability
    where: str


class EntryWanted(NamedTuple):
    """A metadata version: `document` is our id of its lid, `previous` the version it follows,
    `codes` its confidentialityCode in order, `entry` all that it states."""

    document: str
    previous: int
    codes: tuple[str, ...]
    entry: RegistryEntry
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest:
    """`unique_id` and `patient` are those of the SubmissionSet. With `errors` nothing is done."""

    unique_id: str
    patient: Cx | None
    statuses: tuple[StatusWanted, ...]
    entries: tuple[EntryWanted, ...]
    errors: tuple[RegistryError, ...] = ()

    @property
    def wanted(self) -> list[StatusWanted | EntryWanted]:
        return [*self.statuses, *self.entries]

    @property
    def documents(self) -> list[str]:
        return [one.document for one in self.wanted]


class Link(NamedTuple):
    """An Association with its slots; `kind` is the last word of its type."""

    kind: str
    source: str
    target: str
    slots: Values
    where: str


def read_update(body: Element) -> UpdateRequest:
    """`body` is an lcm:SubmitObjectsRequest."""
    try:
        metadata = metadata_in(body)
    except RefusedError as refusal:
        return _nothing(RegistryError(METADATA, str(refusal), "SubmitObjectsRequest"))
    reading = _Reading(body, metadata)
    return reading.request()


def _nothing(error: RegistryError) -> UpdateRequest:
    return UpdateRequest(unique_id="", patient=None, statuses=(), entries=(), errors=(error,))


class _Reading:
    """One request on its way; `errors` are told in the order in which they were met."""

    def __init__(self, body: Element, metadata: Metadata) -> None:
        self._metadata = metadata
        self._objects = {one.get("id") or "": one for one in _listed(body, "ExtrinsicObject")}
        self._entries = {one.id: one for one in metadata.entries}
        self._links = [_link(one) for one in _listed(body, "Association")]
        self._errors: list[RegistryError] = []

    def request(self) -> UpdateRequest:
        lot = self._metadata.submission
        self._check_lot(lot)
        statuses = [one for link in self._links if (one := self._status(link))]
        entries = [new for link in self._links if (new := self._entry(link))]
        self._check_links()
        self._check_whole([*statuses, *entries])
        return UpdateRequest(
            unique_id=lot.ids.get("submissionUniqueId", "") if lot else "",
            patient=cx(lot.ids.get("submissionPatientId")) if lot else None,
            statuses=tuple(statuses),
            entries=tuple(entries),
            errors=tuple(self._errors),
        )

    def _check_lot(self, lot: RegistryEntry | None) -> None:
        if lot is None or self._metadata.submissions > 1:
            self._tell(METADATA, "Send one SubmissionSet (RegistryPackage).", "RegistryPackage")
        elif missing := missing_in_set(lot):
            self._tell(METADATA, f"Declare {', '.join(missing)} of the set.", lot.id)
        elif cx(lot.ids["submissionPatientId"]) is None:
            self._tell(METADATA, "patientId is ID^^^&OID&ISO^NH.", lot.id)

    def _status(self, link: Link) -> StatusWanted | None:
        if link.kind != AVAILABILITY:
            return None
        self._check_source(link)
        before, after = self._word(link, "OriginalStatus"), self._word(link, "NewStatus")
        document = id_in(link.target)
        if document is None:
            self._tell(UNRESOLVED, "The target is the entryUUID of a document.", link.where)
        if before is None or after is None or document is None:
            return None
        if after is before or before is Availability.DELETED:
            message = "Approved becomes Archived or Deleted, Archived becomes Approved or Deleted."
            self._tell(OPERATION, message, link.where)
        return StatusWanted(document, before, after, link.where)

    def _word(self, link: Link, slot: str) -> Availability | None:
        """The last word: it is written with the prefix of ebRIM and with that of CI-SIS."""
        values = link.slots.get(slot, ())
        word = values[0].rpartition(":")[2].strip() if len(values) == 1 else ""
        if word in WORDS:
            return WORDS[word]
        self._tell(OPERATION, f"{slot} is Approved, Archived or Deleted, once.", link.where)
        return None

    def _entry(self, link: Link) -> EntryWanted | None:
        if link.kind != HAS_MEMBER or link.target not in self._objects:
            return None
        self._check_source(link)
        previous = self._previous(link)
        if link.slots.get("SubmissionSetStatus") != ["Original"]:
            self._tell(OPERATION, "SubmissionSetStatus is Original.", link.where)
        entry, document = self._entries.get(link.target), self._logical(link.target)
        if entry is None:
            message = "objectType is that of a stable document entry."
            self._tell(UNMODIFIABLE, message, link.target)
        codes = self._codes(entry) if entry else ()
        if previous is None or document is None or entry is None:
            return None
        return EntryWanted(document, previous, codes, entry, link.target)

    def _previous(self, link: Link) -> int | None:
        values = link.slots.get("PreviousVersion", ())
        text = values[0].strip() if len(values) == 1 else ""
        if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
            return int(text)
        message = "PreviousVersion is the versionName of the current version, a number."
        self._tell(OPERATION, message, link.where)
        return None

    def _logical(self, name: str) -> str | None:
        lid = self._objects[name].get("lid") or ""
        document = id_in(lid)
        if document is None:
            message = "lid is the logicalId of the version that is updated."
            self._tell(VERSION, message, name)
        return document

    def _codes(self, entry: RegistryEntry) -> tuple[str, ...]:
        written = (one.code for one in entry.codes.get("confidentialityCode", ()))
        codes = tuple(dict.fromkeys(MISSPELT.get(code, code) for code in written))
        if not codes or not CODES.issuperset(codes):
            message = "confidentialityCode is N, R or V, and the codes of visibility of JDV_J08."
            self._tell(METADATA, message, entry.id)
        return codes

    def _check_links(self) -> None:
        for link in self._links:
            if link.kind == HAS_MEMBER and link.target not in self._objects:
                message = "Folders, sets and what is in them are not updated here."
                self._tell(UPDATE, message, link.where)
            elif link.kind == SUBMITTED:
                self._tell(OPERATION, "Associations are not submitted here.", link.where)
            elif link.kind not in (HAS_MEMBER, AVAILABILITY, *OTHER_KINDS):
                self._tell(METADATA, "This associationType is not known.", link.where)
        linked = {link.target for link in self._links if link.kind == HAS_MEMBER}
        for name in self._objects.keys() - linked:
            self._tell(METADATA, "Link the entry to the set: HasMember.", name)

    def _check_source(self, link: Link) -> None:
        lot = self._metadata.submission
        if lot is None or link.source != lot.id:
            self._tell(METADATA, "The source is the SubmissionSet.", link.where)

    def _check_whole(self, wanted: Sequence[StatusWanted | EntryWanted]) -> None:
        updates = [one for one in self._links if one.kind in (HAS_MEMBER, AVAILABILITY)]
        if not updates and not self._errors:
            self._tell(UPDATE, "The request updates nothing.", "RegistryObjectList")
        if len(updates) > MAX_UPDATES:
            self._tell(METADATA, f"Update at most {MAX_UPDATES} documents.", "RegistryObjectList")
        names = (one.ids.get("uniqueId") for one in self._entries.values())
        for name, count in Counter(name for name in names if name).items():
            if count > 1:
                self._tell(TWICE, "Two entries bear one uniqueId.", name[:80])
        for document, count in Counter(one.document for one in wanted).items():
            if count > 1:
                message = "Update each document once a request."
                self._tell(OPERATION, message, document)

    def _tell(self, code: str, message: str, where: str) -> None:
        self._errors.append(RegistryError(code, message, where[:80]))


def _listed(body: Element, name: str) -> Iterator[Element]:
    return body.iterfind(f"{RIM}RegistryObjectList/{RIM}{name}")


def _link(element: Element) -> Link:
    kind = (element.get("associationType") or "").strip().rpartition(":")[2]
    source, target = element.get("sourceObject") or "", element.get("targetObject") or ""
    return Link(kind, source, target, _slots(element), element.get("id") or kind)


def _slots(element: Element) -> Values:
    """The first of a name counts, as everywhere; an empty value is none."""
    found: dict[str, list[str]] = {}
    for slot in element.iterfind(f"{RIM}Slot"):
        values = [plain(one.text) or "" for one in slot.iterfind(f"{RIM}ValueList/{RIM}Value")]
        found.setdefault(slot.get("name") or "", [one for one in values if one])
    return found

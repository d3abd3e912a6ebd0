"""What a new metadata version states, held against what is stored: only the codes may change.

What is stored is written as ITI-18 writes it and read back by the same reader, so the two differ
by what a client changed alone. What a version leaves out is not changed by it (section 7).
"""

from collections.abc import Iterator, Mapping

from gateway.mapping.xdm.documents import unique_id
from gateway.mapping.xdm.ebrim.displays import NOTHING_TOLD
from gateway.mapping.xdm.ebrim.hl7types import cx
from gateway.mapping.xdm.ebrim.metadata import Coded, RegistryEntry, read_metadata
from gateway.mapping.xdm.ebrim.registry import document_entry, submit_objects
from gateway.mapping.xds.errors import RegistryError
from gateway.mapping.xds.update.request import IDENTIFIER, METADATA, UNMODIFIABLE
from gateway.records.documents.document import Document

SLOTS = (
    "creationTime",
    "languageCode",
    "legalAuthenticator",
    "serviceStartTime",
    "serviceStopTime",
)
CODES = (
    "classCode",
    "typeCode",
    "formatCode",
    "healthcareFacilityTypeCode",
    "practiceSettingCode",
    "eventCodeList",
)
OF_SPECIALTY = "authorSpecialty"


def changes(
    stated: RegistryEntry, document: Document, *, repository: str
) -> Iterator[RegistryError]:
    """What must not change and does, or must be said and is not. The patient is weighed by who
    knows which numbers are one person's."""
    where = stated.id[:80]
    if unique_id(stated) != document.unique_id:
        message = "uniqueId is that of the version before."
        yield RegistryError(IDENTIFIER, message, where)
    kept = {"repositoryUniqueId": repository, "hash": document.sha1, "size": str(document.size)}
    said = {name: stated.slot(name) for name in kept}
    if missing := [name for name, value in said.items() if not value]:
        yield RegistryError(METADATA, f"State {', '.join(missing)} as registered.", where)
    changed = [name for name, value in said.items() if value and value.lower() != kept[name]]
    changed += _changed(stated, _written(document))
    if not _is_source_patient(stated, document):
        changed.append("sourcePatientId")
    if changed:
        message = f"Only confidentialityCode may change here: {', '.join(changed)} did."
        yield RegistryError(UNMODIFIABLE, message, where)


def _written(document: Document) -> RegistryEntry:
    entry = document_entry({"id": "stored"}, document, NOTHING_TOLD, {})
    return read_metadata(submit_objects(entry).encode()).entries[0]


def _changed(stated: RegistryEntry, stored: RegistryEntry) -> list[str]:
    names = [name for name in SLOTS if _differs(stated.slot(name), stored.slot(name))]
    names += ["mimeType"] if _differs(stated.mime_type, stored.mime_type) else []
    names += ["title"] if _differs(stated.title, stored.title) else []
    names += [name for name in CODES if _differs(_codes(stated, name), _codes(stored, name))]
    authors = [[_told(one) for one in each.codes.get("author", ())] for each in (stated, stored)]
    return [*names, *(["author"] if _differs(*authors) else [])]


def _differs(stated: object, stored: object) -> bool:
    return bool(stated) and stated != stored


def _codes(entry: RegistryEntry, name: str) -> list[str]:
    return sorted(one.code for one in entry.codes.get(name, ()))


def _told(author: Coded) -> Mapping[str, tuple[str, ...]]:
    """The name of a specialty is not looked at: it comes from a table of ours."""
    slots = dict(author.slots)
    if OF_SPECIALTY in slots:
        slots[OF_SPECIALTY] = tuple(one.partition("^")[0] for one in slots[OF_SPECIALTY])
    return slots


def _is_source_patient(stated: RegistryEntry, document: Document) -> bool:
    said = stated.slot("sourcePatientId")
    if said is None:
        return True
    named, patient = cx(said), document.patient
    own = f"{patient.ins_oid}^{patient.ins}" if patient.ins else ""
    return named is not None and f"{named.oid}^{named.id}" in (*patient.other_ids, own)

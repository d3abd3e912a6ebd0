"""One DocumentEntry and the file it names become one Document.

The envelope speaks first where it says something (codes, title, times, authors); the CDA fills
the rest (versions, custodian, body). Where they contradict each other a finding says so.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from gateway.mapping.cda import CdaReading
from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.files.enclosed import text_signs
from gateway.mapping.identity import ALL_INS_OIDS
from gateway.mapping.labels import labelled
from gateway.mapping.labels.clues import Gather
from gateway.mapping.xdm.ebrim.hl7types import cx, dtm, leaf, xcn, xon
from gateway.mapping.xdm.ebrim.metadata import ACTION_SLOT, REFERENCES, Coded, RegistryEntry
from gateway.mapping.xdm.identity import identity_of, merged_identity
from gateway.mapping.xdm.inside import read_inside, same_kind
from gateway.records.documents.document import Action, Author, Document, LegalAuthenticator
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import Reading
from gateway.records.patients.patient import PatientIdentity

ACTIONS = {None: Action.CREATE, "F": Action.CREATE, "C": Action.REPLACE, "D": Action.DELETE}
"""Those of OBX-11; the guide writes no slot where F would stand."""
URN = re.compile(r"urn:(?:oid|uuid):", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What became of one DocumentEntry: the merged document beside what each side said."""

    document: Document
    inside: CdaReading | None
    own: PatientIdentity
    body: bytes
    words: str
    observations: Sequence[Observation]
    findings: tuple[Finding, ...]


def read_entry(
    entry: RegistryEntry,
    body: bytes,
    reading: Reading,
    *,
    lot: RegistryEntry | None,
    replaced: str | None,
) -> Entry:
    """`lot` is the SubmissionSet, `replaced` what an RPLC association says (`Metadata`).

    Never raises: what is wrong with the file is in the findings.
    """
    inside, kind, findings = read_inside(entry.mime_type or "", body, reading)
    own = identity_of(entry, lot)
    document = _merged(entry, inside.document if inside else None, own)
    document = _acting(document, entry, replaced)
    document = _labelled(document, inside, partial(text_signs, kind, body))
    document = _measured(document, entry, body)
    return Entry(
        document=replace(document, body=kind),
        inside=inside,
        own=own,
        body=body,
        words=inside.words if inside else document.title or "",
        observations=inside.observations if inside else (),
        findings=findings,
    )


def _acting(document: Document, entry: RegistryEntry, replaced: str | None) -> Document:
    """The slot tells what is asked; an RPLC association only where there is no slot."""
    said = entry.slot(ACTION_SLOT)
    action = ACTIONS.get(said, Action.CREATE)
    if said is None and replaced is not None:
        action = Action.REPLACE
    return replace(document, action=action, replaces=document.replaces or replaced or None)


def _labelled(document: Document, inside: CdaReading | None, signs: Gather) -> Document:
    """As the document inside is labelled, unless the envelope names it otherwise."""
    own = inside.document if inside else None
    if inside is None or own is None:
        return labelled(document, signs)
    names = (document.type_code, document.class_code, document.title, document.type_display)
    if names == (own.type_code, own.class_code, own.title, own.type_display):
        return document
    return labelled(document, inside.gather)


def _merged(entry: RegistryEntry, inside: Document | None, own: PatientIdentity) -> Document:
    base = inside or Document(patient=own)
    title = entry.title or base.title
    type_code = _coded(entry, "typeCode", base.type_code)
    class_code = _coded(entry, "classCode", base.class_code)
    kind = entry.coded("typeCode")
    legal = entry.slot("legalAuthenticator")
    return replace(
        base,
        patient=merged_identity(own, inside.patient if inside else None),
        type_code=type_code,
        type_system=kind.system if kind else base.type_system,
        type_display=_display(kind) or base.type_display,
        class_code=class_code,
        format_code=_coded(entry, "formatCode", base.format_code),
        title=title,
        unique_id=_unique_id(entry, base.unique_id),
        confidentiality=_codes(entry, "confidentialityCode") or base.confidentiality,
        language=entry.slot("languageCode") or base.language,
        creation_time=_time(entry, "creationTime", base.creation_time),
        service_start=_time(entry, "serviceStartTime", base.service_start),
        service_stop=_time(entry, "serviceStopTime", base.service_stop),
        event_codes=_codes(entry, "eventCodeList") or base.event_codes,
        practice_setting=_coded(entry, "practiceSettingCode", base.practice_setting),
        facility_type=_coded(entry, "healthcareFacilityTypeCode", base.facility_type),
        mime_type=_declared_type(entry, inside) or base.mime_type,
        authors=tuple(map(_author, entry.codes.get("author", ()))) or base.authors,
        legal_authenticator=_legal(legal) if legal else base.legal_authenticator,
        related=_references(entry) or base.related,
    )


def _references(entry: RegistryEntry) -> tuple[str, ...]:
    found = map(reference, entry.slots.get(REFERENCES, ()))
    return tuple(dict.fromkeys(one for one in found if one))


def reference(written: str) -> str | None:
    """A CXi, `id^^^&oid&ISO^type`, as "oid^id"; one without an authority is its id alone (IHE ITI
    TF-3 4.2.3.2.28)."""
    known = cx(written)
    return f"{known.oid}^{known.id}" if known else leaf(written.partition("^")[0])


def _declared_type(entry: RegistryEntry, inside: Document | None) -> str | None:
    """None where the file is of another kind: it is served as what it is."""
    said = entry.mime_type
    return said if inside is None or (said and same_kind(said, inside.mime_type)) else None


def _measured(document: Document, entry: RegistryEntry, body: bytes) -> Document:
    """Size and digests of the file, against what the envelope declares."""
    hash_ok, size_ok = declared_well(entry, body)
    return replace(
        document,
        size=len(body),
        sha1=hashlib.sha1(body, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(body).hexdigest(),
        hash_ok=hash_ok,
        size_ok=size_ok,
    )


def declared_well(entry: RegistryEntry, body: bytes) -> tuple[bool | None, bool | None]:
    """Are slots hash (SHA-1, hex) and size those of the file? None where there is no slot."""
    said_hash, said_size = entry.slot("hash"), entry.slot("size")
    sha1 = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    return (
        said_hash.lower() == sha1 if said_hash else None,
        said_size.lstrip("0") == str(len(body)) if said_size else None,
    )


def _time(entry: RegistryEntry, name: str, inside: str | None) -> str | None:
    """The slot's; where it is the same moment, the one inside, which may tell fractions."""
    said = entry.slot(name)
    return inside if not said or dtm(inside) == said else iso_of(said) or inside


def unique_id(entry: RegistryEntry) -> str | None:
    """An OID bare, or `root^extension`, also where a sender writes it as a URN."""
    return URN.sub("", (entry.ids.get("uniqueId") or "").rstrip("^")) or None


def same_id(a: str, b: str) -> bool:
    """A UUID is one in capitals too (RFC 4122, section 3)."""
    return a.lower() == b.lower()


def _unique_id(entry: RegistryEntry, inside: str | None) -> str | None:
    """As the CDA spells it, where it is the same."""
    said = unique_id(entry)
    return inside if said is None or (inside and same_id(said, inside)) else said


def _display(kind: Coded | None) -> str | None:
    """The name of a code; the code again, which stands where nobody told a name, is none."""
    return kind.label if kind and kind.label != kind.code else None


def _coded(entry: RegistryEntry, name: str, otherwise: str | None) -> str | None:
    return entry.code(name) or otherwise


def _codes(entry: RegistryEntry, name: str) -> tuple[str, ...]:
    return tuple(one.code for one in entry.codes.get(name, ()) if one.code)


def _author(block: Coded) -> Author:
    """A device is told by type RI, a patient by NH or the INS; none is a structure."""
    person = xcn(next(iter(block.slots.get("authorPerson", ())), ""))
    house = xon(next(iter(block.slots.get("authorInstitution", ())), ""))
    specialty = next(iter(block.slots.get("authorSpecialty", ())), "")
    kind = {"RI": "device", "NH": "patient"}.get(person.kind or "", "person")
    if person.system in ALL_INS_OIDS:
        kind = "patient"
    if not person.id and not person.family:
        kind = "organization"
    return Author(
        kind=kind,
        id=person.id,
        id_system=person.system,
        family=person.family,
        given=person.given,
        specialty=leaf(specialty.partition("^")[0]),
        role=next(iter(block.slots.get("authorRole", ())), None),
        organization_id=house.id,
        organization_name=house.name,
    )


def _legal(value: str) -> LegalAuthenticator:
    person = xcn(value)
    return LegalAuthenticator(id=person.id, family=person.family, given=person.given)

"""Do a deposit and the CDA in it say the same, and of one patient (FHIR.md section 6)?"""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from gateway.mapping.fhir.findings import error, hold, warning
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import Room
from gateway.mapping.fhir.taken.resources.document_reference import Referenced, class_said
from gateway.mapping.fhir.taken.resources.people import every_ins, has_several_names, identity_of
from gateway.mapping.fhir.types import kind_of
from gateway.mapping.fhir.values import obj, text, unique_id, utc
from gateway.mapping.identity import same_traits
from gateway.mapping.labels import class_of
from gateway.records.documents.document import Document
from gateway.records.intake.finding import Finding
from gateway.records.patients.patient import PatientIdentity


def class_findings(resource: Json, where: str) -> Iterator[Finding]:
    """The class follows from the type (ASS_X16); what is declared is kept, as in an archive."""
    said, own = class_said(resource), class_of(kind_of(resource.get("type")).code)
    if said and own and said != own:
        message = f"category is not the class of the type, which is {own}."
        yield warning("class-differs", f"{where}.category", message)


def reference_findings(resource: Json, read: Referenced, where: str) -> Iterator[Finding]:
    inside = read.inside.document if read.inside else None
    if inside is None:
        return
    yield from _patients(read.document, inside, where)
    said = unique_id(resource.get("masterIdentifier"))
    if said and inside.unique_id and said != inside.unique_id:
        message = "masterIdentifier is not the id of the CDA."
        yield hold("unique-id-differs", f"{where}.masterIdentifier", message)
    kind = kind_of(resource.get("type")).code
    if kind and inside.type_code and kind != inside.type_code:
        yield hold("type-differs", f"{where}.type", "type is not the code of the CDA.")
    if not set(inside.confidentiality) <= set(read.document.confidentiality):
        message = "securityLabel leaves out the confidentiality code of the CDA."
        yield hold("confidentiality-differs", f"{where}.securityLabel", message)


def person_findings(patients: Sequence[Json], where: str) -> Iterator[Finding]:
    """`patients` are the resources that speak of one person: subject, sourcePatientInfo."""
    known = [ins for one in patients if (ins := every_ins(one))]
    if any(one.isdisjoint(other) for one, other in combinations(known, 2)):
        message = "subject, its identifier and sourcePatientInfo must bear one INS."
        yield error("patient-mismatch", where, message, application=904)
        return
    if any(len({value for _, value in one}) > 1 for one in known):
        message = "Two different INS: send one, the document waits until somebody looks."
        yield hold("ins-several", where, message)
    if any(map(has_several_names, patients)):
        message = "A Patient has one official name: send the others with use usual or old."
        yield hold("several-names", where, message)
    if any("birthDate" in one and utc(one["birthDate"]) is None for one in patients):
        yield warning("date", where, "birthDate is no day of the calendar: write YYYY-MM-DD.")
    if traits_differ([identity_of(one) for one in patients]):
        message = "subject and sourcePatientInfo give different identity traits."
        yield hold("traits-differ", where, message)


def subject_findings(
    entries: Sequence[Json], room: Room, patients: Sequence[Json]
) -> Iterator[Finding]:
    """Whatever a FHIR document holds is about the patient of its Composition (FHIR.md section 6):
    its results are filed under that one."""
    own: frozenset[tuple[str | None, str | None]] = frozenset().union(*map(every_ins, patients))
    told = [one for entry in entries for one in _told_of(obj(entry, "resource"), room)]
    others = [one for one in {id(one): one for one in told}.values() if one not in patients]
    if own and any((ins := every_ins(one)) and own.isdisjoint(ins) for one in others):
        message = "The subjects of a FHIR document are one patient, that of its Composition."
        yield error("patient-mismatch", "Bundle", message, application=904)
    elif any(traits_differ([identity_of(one), identity_of(*patients)]) for one in others):
        message = "The Composition and what it holds give different identity traits."
        yield hold("traits-differ", "Bundle", message)


def _told_of(resource: Json, room: Room) -> Iterator[Json]:
    for name in ("subject", "patient"):
        for found in room.resolved(obj(resource, name), resource):
            if text(found, "resourceType") in ("Patient", None):
                yield found


def traits_differ(identities: Collection[PatientIdentity]) -> bool:
    return any(same_traits(one, other) for one, other in combinations(identities, 2))


def _patients(document: Document, inside: Document, where: str) -> Iterator[Finding]:
    own, other = document.patient, inside.patient
    if own.ins and other.ins and (own.ins, own.ins_oid) != (other.ins, other.ins_oid):
        message = "The subject is not the patient of the CDA."
        yield error("patient-mismatch", f"{where}.subject", message, application=904)
    elif same_traits(own, other):
        message = "The patient and the CDA give different identity traits."
        yield hold("traits-differ", f"{where}.subject", message)

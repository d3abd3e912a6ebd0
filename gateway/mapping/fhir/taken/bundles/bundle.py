"""The shape of transaction and document Bundles, before anything in them is believed.

Atomic: one entry that cannot be taken refuses the whole (FHIR.md section 2.1).
"""

from collections.abc import Iterator, Sequence

from gateway.mapping.fhir.findings import error, hold, warning
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import Room
from gateway.mapping.fhir.taken.resources.agreement import person_findings, traits_differ
from gateway.mapping.fhir.taken.resources.dates import date_findings
from gateway.mapping.fhir.taken.resources.people import identity_of
from gateway.mapping.fhir.values import (
    ID,
    chosen_code,
    codings,
    extension,
    obj,
    objs,
    text,
    unique_id,
    utc,
)
from gateway.records.intake.finding import Finding
from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import PatientIdentity

MAX_ENTRIES = 200
MAX_BODY_BYTES = 20 * 1024 * 1024
FILED = frozenset({"List", "DocumentReference", "Binary"})
BESIDE = frozenset(
    {"Patient", "Practitioner", "PractitionerRole", "Organization", "Device", "Parameters"}
)
UNANSWERED = frozenset({"GET", "HEAD", "DELETE"})
"""What asks may bring no resource; `requests` judges what is asked."""
READ_ONLY = frozenset({"Encounter", "Location", "Observation"})


def entries_of(bundle: Json) -> list[Json]:
    return objs(bundle, "entry")


def resources(bundle: Json, kind: str) -> list[Json]:
    found = (obj(entry, "resource") for entry in entries_of(bundle))
    return [one for one in found if one.get("resourceType") == kind]


def placed(bundle: Json, kind: str) -> Iterator[tuple[str, Json]]:
    """The same, each with its place in the Bundle."""
    for number, entry in enumerate(entries_of(bundle)):
        resource = obj(entry, "resource")
        if resource.get("resourceType") == kind:
            yield f"Bundle.entry[{number}].resource", resource


def submission_sets(bundle: Json) -> list[Json]:
    return [one for one in resources(bundle, "List") if is_submission_set(one)]


def is_submission_set(one: Json) -> bool:
    return any(text(coding, "code") == "submissionset" for coding in codings(one.get("code")))


def shape_findings(bundle: Json) -> Iterator[Finding]:
    """Rules of base FHIR and of ITI-65 that hold in both modes."""
    entries = entries_of(bundle)
    if not entries:
        yield error("bundle-empty", "Bundle.entry", "Send the entries of the Bundle: it has none.")
        return
    if len(entries) > MAX_ENTRIES:
        message = f"Send at most {MAX_ENTRIES} entries: post the documents in several Bundles."
        yield error("bundle-entries", "Bundle.entry", message)
        return
    if isinstance(bundle["entry"], list) and len(entries) != len(bundle["entry"]):
        yield error("bundle-entry", "Bundle.entry", "Each entry is an object: one is not.")
    is_document = bundle.get("type") == "document"
    full = [_full_url(entry, versioned=is_document) for entry in entries if text(entry, "fullUrl")]
    if len(set(full)) != len(full):
        yield error("bundle-full-url", "Bundle.entry.fullUrl", "Give each entry its own fullUrl.")
    if is_document:
        yield from _document_shape(bundle, entries)
    else:
        yield from _transaction_shape(bundle, entries)


def _full_url(entry: Json, *, versioned: bool) -> tuple[str | None, str | None]:
    """bdl-7 of R4: two versions of one resource may stand under one fullUrl. In a transaction
    nothing has a version before it is made."""
    version = text(entry, "resource", "meta", "versionId") if versioned else None
    return text(entry, "fullUrl"), version


def contents_findings(documents: Sequence[Json]) -> Iterator[Finding]:
    """A document costs the same whether it is an entry or one of many contents."""
    if sum(len(objs(one, "content")) for one in documents) > MAX_ENTRIES:
        message = f"Send at most {MAX_ENTRIES} contents in one deposit: post the others alone."
        yield error("contents-many", "DocumentReference.content", message)


def _document_shape(bundle: Json, entries: list[Json]) -> Iterator[Finding]:
    """bdl-9 and bdl-11 of R4."""
    identifier = obj(bundle, "identifier")
    if not text(identifier, "system") or not text(identifier, "value"):
        message = "A document Bundle has an identifier with system and value."
        yield error("bundle-identifier", "Bundle.identifier", message)
    if text(entries[0], "resource", "resourceType") != "Composition":
        message = "The first entry of a document Bundle is its Composition."
        yield error("bundle-composition", "Bundle.entry[0]", message)


def _transaction_shape(bundle: Json, entries: list[Json]) -> Iterator[Finding]:
    for number, entry in enumerate(entries):
        where = f"Bundle.entry[{number}]"
        if "resource" in entry or text(entry, "request", "method") not in UNANSWERED:
            yield from _entry_findings(obj(entry, "resource"), where)
    sets = submission_sets(bundle)
    documents = resources(bundle, "DocumentReference")
    if documents and len(sets) != 1:
        message = "Send exactly one SubmissionSet (List with code submissionset)."
        several = error if len(sets) > 1 else warning
        yield several("bundle-submission-set", "Bundle.entry", message)


def status_findings(resource: Json, where: str) -> Iterator[Finding]:
    """What is superseded or entered in error is no deposit (FHIR.md sections 2.2 and 3).

    A fiche that reads superseded is a whole one (PDSm: Deprecated): held by `inspect`.
    """
    status = resource.get("status")
    if status != "current":
        of_before = status == "superseded" and resource.get("resourceType") == "DocumentReference"
        message = "Send status current: nothing else is filed."
        made = hold if of_before else error
        yield made("status-not-current", f"{where}.status", message)
    yield from mistaken_findings(resource, "docStatus", where)


def mistaken_findings(resource: Json, name: str, where: str) -> Iterator[Finding]:
    """`name` is where this resource says the state of the document itself."""
    if resource.get(name) == "entered-in-error":
        message = "A document that was entered in error is not filed."
        yield error("status-not-current", f"{where}.{name}", message)


def _entry_findings(resource: Json, where: str) -> Iterator[Finding]:
    kind = text(resource, "resourceType")
    if kind == "Bundle":
        message = "FHIRDocumentNotSupported: post a FHIR document by itself."
        yield hold("fhir-document-not-supported", where, message)
    elif kind not in FILED | BESIDE | READ_ONLY:
        message = "This kind of resource is not taken here: send documents."
        yield error("fhir-resource-unknown", f"{where}.resource", message)
    elif kind in READ_ONLY:
        message = "This resource is not filed here: send documents."
        yield hold("fhir-not-filed", f"{where}.resource", message)
    if kind == "List":
        yield from status_findings(resource, f"{where}.resource")
        yield from date_findings(resource, f"{where}.resource")
    yield from id_findings(resource, where)


def id_findings(resource: Json, where: str) -> Iterator[Finding]:
    """Ids of the resource and of what it contains: well formed, and each once."""
    own = resource.get("id")
    if own is not None and (not isinstance(own, str) or not ID.fullmatch(own)):
        message = "An id has at most 64 letters, digits, hyphens and dots."
        yield error("fhir-id", f"{where}.id", message)
    inner = [one.get("id") for one in objs(resource, "contained")]
    if any(not isinstance(one, str) or not ID.fullmatch(one) for one in inner):
        yield error("fhir-id", f"{where}.contained", "Give each contained resource an id.")
    elif len(set(inner)) != len(inner):
        message = "Two contained resources have the same id."
        yield error("fhir-contained-twins", f"{where}.contained", message)


def listed_findings(bundle: Json, room: Room) -> Iterator[Finding]:
    """The SubmissionSet lists the DocumentReferences of its Bundle and no other (section 6)."""
    documents = {id(one): one for one in resources(bundle, "DocumentReference")}
    known = documents.keys() | {id(one) for one in resources(bundle, "List")}
    for lot in submission_sets(bundle):
        found = [room.find(text(one, "item", "reference"), lot) for one in objs(lot, "entry")]
        listed = {id(one) for one in found}
        if not listed <= known:
            message = "List.entry names a document that is not in the Bundle."
            yield error("submission-set-entry", "List.entry", message)
        if not documents.keys() <= listed:
            message = "List.entry leaves out a DocumentReference of the Bundle."
            yield error("submission-set-entry", "List.entry", message)


def binary_findings(bundle: Json, room: Room) -> Iterator[Finding]:
    """What no document names would be acknowledged and lost (FHIR.md section 2.1); what many name
    is unpacked for each of them, and may be no more in all than one deposit."""
    documents = resources(bundle, "DocumentReference")
    contents = [content for one in documents for content in objs(one, "content")]
    named = [room.find(text(one, "attachment", "url"), {}) for one in contents]
    used = {id(one) for one in named}
    if any(id(one) not in used for one in resources(bundle, "Binary")):
        message = "A Binary of the Bundle is the url of no document: name it or leave it out."
        yield error("binary-unused", "Bundle.entry", message)
    if sum(len(one["data"]) for one in named if isinstance(one.get("data"), str)) > MAX_BODY_BYTES:
        message = (
            "A Binary counts for each attachment that names it, "
            f"{MAX_BODY_BYTES >> 20} MiB of base64 in all: part the documents among Bundles."
        )
        yield error("binary-repeated", "Bundle.entry", message)


def one_patient(
    bundle: Json, room: Room, documents: Sequence[PatientIdentity]
) -> Iterator[Finding]:
    """Every List, DocumentReference and document is about the same person.

    `documents` are the patients of the documents as they were understood.
    """
    sets = submission_sets(bundle)
    subjects = [room.resolved(obj(one, "subject"), one) for one in sets]
    for subject in subjects:
        yield from person_findings(subject, "List.subject")
    beside = [identity_of(one) for one in resources(bundle, "Patient")]
    holders = [*sets, *resources(bundle, "DocumentReference")]
    names = {patient_name(one, room) for one in holders} - {None}
    told = {*(identity_of(*subject) for subject in subjects), *documents}
    named = {(one.ins_oid, one.ins) for one in (*told, *beside) if one.ins}
    if len(names) > 1 or len(named) > 1:
        message = "SubmissionSet and DocumentReference must be about one patient."
        yield error("patient-mismatch", "Bundle", message, application=904)
    elif traits_differ(told):
        message = "SubmissionSet and DocumentReference give different identity traits."
        yield hold("traits-differ", "Bundle", message)


def patient_name(resource: Json, room: Room) -> str | None:
    """What tells one subject from another: the INS where it is known, else the reference."""
    subject = obj(resource, "subject")
    identity = identity_of(*room.resolved(subject, resource))
    if identity.ins:
        return f"{identity.ins_oid}^{identity.ins}"
    return text(subject, "reference") or text(subject, "identifier", "value")


def submission_of(one: Json, room: Room) -> Submission:
    """A SubmissionSet List as records.Submission (FHIR.md section 3, last lines)."""
    identifiers = objs(one, "identifier")
    usual = next((each for each in identifiers if each.get("use") == "usual"), None)
    patient = identity_of(*room.resolved(obj(one, "subject"), one))
    designation = obj(extension(one, "ihe-designationType"), "valueCodeableConcept")
    source = room.resolve(obj(one, "source"), one)
    name = next(iter(objs(source, "name")), {})
    given = next(iter(name.get("given") or []), None) if isinstance(name, dict) else None
    author = " ".join(part for part in (given, text(name, "family")) if isinstance(part, str))
    return Submission(
        unique_id=unique_id(usual or next(iter(identifiers), None)),
        source_id=unique_id(obj(extension(one, "ihe-sourceId"), "valueIdentifier")),
        patient_id=f"{patient.ins_oid}^{patient.ins}" if patient.ins else None,
        time=utc(one.get("date")),
        content_type=chosen_code(designation),
        author=author or text(source, "name") or text(obj(one, "source"), "display"),
    )

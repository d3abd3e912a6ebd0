"""FHIR JSON in: DocumentReference, ITI-65 transaction, document Bundle (FHIR.md section 2).

Tolerant by default: what the guides break in their own examples is kept with a finding. A
strict reading adds the R4 model and the PDSm cardinalities (`strict`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateway.errors import RefusedError
from gateway.mapping.fhir.findings import error, foreign_profile_held, hold
from gateway.mapping.fhir.json import Json, load_json
from gateway.mapping.fhir.taken.bundles.bundle import (
    binary_findings,
    contents_findings,
    entries_of,
    id_findings,
    is_submission_set,
    listed_findings,
    one_patient,
    placed,
    resources,
    shape_findings,
    status_findings,
    submission_of,
    submission_sets,
)
from gateway.mapping.fhir.taken.bundles.references import missing_findings
from gateway.mapping.fhir.taken.bundles.requests import request_findings
from gateway.mapping.fhir.taken.bundles.room import Room, room_of
from gateway.mapping.fhir.taken.reach import as_strict
from gateway.mapping.fhir.taken.resources.agreement import (
    class_findings,
    person_findings,
    reference_findings,
)
from gateway.mapping.fhir.taken.resources.composition import read_document_bundle
from gateway.mapping.fhir.taken.resources.dates import date_findings
from gateway.mapping.fhir.taken.resources.document_reference import (
    Referenced,
    patients_of,
    read_references,
)
from gateway.mapping.fhir.taken.resources.measures import read_observation
from gateway.mapping.fhir.taken.resources.payload import cut_out, decode
from gateway.mapping.fhir.taken.resources.people import identity_status
from gateway.mapping.fhir.taken.resources.relations import patch_findings, relation_findings
from gateway.mapping.fhir.taken.resources.secrecy import label_findings
from gateway.mapping.fhir.values import text
from gateway.mapping.identity import identity_findings
from gateway.records.intake.finding import Finding, verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content, Format, Submission, Understanding

XML_STARTS = (b"<", b"\xef\xbb\xbf<")
UNREAD = frozenset({"bundle-entries", "binary-repeated", "contents-many"})
"""Shapes that would cost more to read than they have bytes."""


def understand_fhir(raw: bytes, reading: Reading) -> Understanding:
    """One resource or Bundle; documents in the order in which they stand."""
    if raw[:64].lstrip().startswith(XML_STARTS):
        message = "FHIR in XML is not taken here: send application/fhir+json."
        return _understood([error("unsupported-type", "/", message)])
    try:
        resource = load_json(raw, max_bytes=min(reading.max_fhir_bytes, reading.max_message_bytes))
    except RefusedError as refusal:
        found = refusal.finding or error("json-syntax", "/", str(refusal))
        return _understood([found])
    findings = list(id_findings(resource, text(resource, "resourceType") or "Resource"))
    if reading.strict:
        from gateway.mapping.fhir.taken.r4.strict import strict_findings  # heavy: only where asked

        findings.extend(strict_findings(resource))
    understood = _by_kind(resource, raw, reading, findings)
    return as_strict(understood) if reading.strict else understood


def _by_kind(
    resource: Json, raw: bytes, reading: Reading, findings: list[Finding]
) -> Understanding:
    match resource.get("resourceType"), resource.get("type"):
        case "Bundle", "transaction":
            return _transaction(resource, raw, reading, findings)
        case "Bundle", "document":
            findings.extend(shape_findings(resource))
            return read_document_bundle(resource, raw, reading, findings)
        case "DocumentReference", _:
            return _reference(resource, raw, reading, findings)
        case "Bundle", "batch":
            message = "A batch files nothing: send the documents together, as a transaction."
            return _understood([*findings, error("fhir-batch", "Bundle.type", message)])
        case "List", _:
            lot = submission_of(resource, Room()) if is_submission_set(resource) else None
            return _understood([*findings, _no_document()], submission=lot)
        case "Observation", _:
            return _understood([*findings, _no_document()], results=1)
        case "Binary", _:
            return _understood([*findings, *_binary_findings(resource), _no_document()])
        case _:
            message = "Post a DocumentReference, a transaction Bundle or a document Bundle."
            return _understood([*findings, error("fhir-resource-not-taken", "/", message)])


def _reference(
    resource: Json, raw: bytes, reading: Reading, findings: list[Finding]
) -> Understanding:
    if many := [*contents_findings([resource])]:
        return _understood([*findings, *many])
    room = Room()
    where = "DocumentReference"
    read = list(read_references(resource, room, reading, where=where, in_bundle=False))
    findings.extend(_reference_findings(resource, room, read, reading, where))
    files = {one.document.sha256 for one in read if one.document.unique_id}
    if len(files) > 1:
        message = "Send one content: several files would bear one masterIdentifier."
        findings.append(hold("unique-id-twice", f"{where}.content", message))
    return _with_documents(findings, read, raw)


def _transaction(
    bundle: Json, raw: bytes, reading: Reading, findings: list[Finding]
) -> Understanding:
    findings.extend(shape_findings(bundle))
    room = room_of(entries_of(bundle))
    findings.extend(request_findings(bundle, room))
    findings.extend(contents_findings(resources(bundle, "DocumentReference")))
    findings.extend(binary_findings(bundle, room))
    if not entries_of(bundle) or any(one.code in UNREAD for one in findings):
        return _understood(findings)
    findings.extend(listed_findings(bundle, room))
    findings.extend(patch_findings(entries_of(bundle), room))
    read: list[Referenced] = []
    for where, resource in placed(bundle, "DocumentReference"):
        found = list(read_references(resource, room, reading, where=where, in_bundle=True))
        findings.extend(_reference_findings(resource, room, found, reading, where))
        read.extend(found)
    findings.extend(one_patient(bundle, room, [one.document.patient for one in read]))
    findings.extend(_twice(read))
    sets = submission_sets(bundle)
    measures = [read_observation(one) for one in resources(bundle, "Observation")]
    if not read:
        findings.append(_no_document())
    understood = _with_documents(
        findings, read, raw, submission=submission_of(sets[0], room) if sets else None
    )
    return replace(understood, results=understood.results + len(measures))


def _twice(read: Sequence[Referenced]) -> Iterator[Finding]:
    """A hold: an example of MHD itself gives two documents one masterIdentifier."""
    names = Counter(one.document.unique_id for one in read if one.document.unique_id)
    if any(count > 1 for count in names.values()):
        message = "Give each document a masterIdentifier of its own: one stands for two."
        yield hold("unique-id-twice", "Bundle", message)


def _reference_findings(
    resource: Json, room: Room, read: list[Referenced], reading: Reading, where: str
) -> Iterator[Finding]:
    """What is wrong with one DocumentReference, its documents and its patient."""
    yield from status_findings(resource, where)
    yield from date_findings(resource, where)
    yield from class_findings(resource, where)
    yield from label_findings(resource, where)
    yield from relation_findings(resource, room, where)
    yield from missing_findings(resource, room, where)
    if not read:
        yield error("content-missing", f"{where}.content", "Send one content with attachment.")
        return
    for one in read:
        yield from one.findings
        yield from reference_findings(resource, one, where)
    patients = patients_of(resource, room)
    yield from person_findings(patients, f"{where}.subject")
    status = identity_status(*patients)
    told = {finding.code for one in read for finding in one.findings}
    for finding in identity_findings(
        read[0].document.patient,
        status=status,
        profile=reading.profile,
        where=f"{where}.subject",
    ):
        if finding.code not in told:
            yield foreign_profile_held(finding)


def _with_documents(
    findings: list[Finding],
    read: list[Referenced],
    raw: bytes,
    *,
    submission: Submission | None = None,
) -> Understanding:
    contents, after = [], 0
    for one in read:
        piece = cut_out(raw, one.payload.written, after)
        after = piece.stop if piece else after
        contents.append(Content(body=one.body, words=one.words, piece=piece))
    return Understanding(
        format=Format.FHIR,
        verdict=verdict_of(findings),
        findings=tuple(findings),
        submission=submission,
        documents=tuple(one.document for one in read),
        contents=tuple(contents),
        observations=tuple(one.observations for one in read),
        results=sum(len(one.observations) for one in read),
    )


def _understood(
    findings: list[Finding], *, submission: Submission | None = None, results: int = 0
) -> Understanding:
    return Understanding(
        format=Format.FHIR,
        verdict=verdict_of(findings),
        findings=tuple(findings),
        submission=submission,
        results=results,
    )


def _no_document() -> Finding:
    message = "Nothing to file: send a DocumentReference with its document."
    return hold("fhir-no-document", "/", message)


def _binary_findings(resource: Json) -> Iterator[Finding]:
    data = resource.get("data")
    body, _ = decode(data) if isinstance(data, str) else (b"", None)
    if body is None:
        yield error("base64", "Binary.data", "Write data in strict base64.")

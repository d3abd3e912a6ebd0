"""ITI-41, a lot of documents (XDS.md sections 4 and 5): SOAP to understanding.

The metadata are those of XDM and are read as such; what a registry must have is asked for here, and
what contradicts the CDA refuses. A lot is taken whole or not at all. Its signature is verified and
kept with the message: it is never a document of the patient.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gateway.errors import RefusedError
from gateway.mapping.xdm.beside import SIGNATURE_TYPE, beside
from gateway.mapping.xdm.documents import Entry, read_entry, unique_id
from gateway.mapping.xdm.ebrim.metadata import RegistryEntry
from gateway.mapping.xdm.submission import submission_of
from gateway.mapping.xds.lot.agreement import (
    agreement_findings,
    aside_findings,
    name_findings,
    set_findings,
)
from gateway.mapping.xds.lot.replacing import replaced_by
from gateway.mapping.xds.lot.request import (
    Request,
    error,
    paired,
    place,
    read_request,
    unpaired,
)
from gateway.mapping.xds.lot.signature import BROKEN, judged, unsigned
from gateway.mapping.xml import Element
from gateway.records.documents.document import Action
from gateway.records.intake.finding import Finding, verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content, Format, Piece, Understanding


@dataclass(slots=True)
class _Lot:
    """What was read so far."""

    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    signatures: list[tuple[RegistryEntry, bytes]] = field(default_factory=list)
    signed: dict[str, bytes] = field(default_factory=dict)
    signed_by: bytes | None = None


def understand_lot(
    root: Element, parts: Mapping[str, bytes], reading: Reading, *, raw: bytes = b""
) -> Understanding:
    """`root` is a ProvideAndRegisterDocumentSetRequest, `parts` the attachments by Content-ID.

    `raw` is the input that they stand in, so that the store keeps the bytes of a document once.
    Never raises: what cannot be read is refused with a finding.
    """
    try:
        request = read_request(root, parts)
    except RefusedError as refusal:
        return unreadable_lot(refusal.finding or error("xds-request", "Body", str(refusal)))
    lot = _read(request, reading)
    lot.findings += [*request.findings, *set_findings(request), *name_findings(request)]
    lot.findings += unpaired(request)
    lot.findings += _signed(request, lot, reading)
    if not lot.entries:
        message = "Send at least one document beside the signature of the lot."
        lot.findings.append(error("xds-no-entry", "RegistryObjectList", message))
    package = request.metadata.submission
    return Understanding(
        format=Format.XDS,
        verdict=verdict_of(lot.findings),
        findings=tuple(lot.findings),
        submission=submission_of(package),
        documents=tuple(one.document for one in lot.entries),
        contents=tuple(_contents(lot.entries, raw)),
        observations=tuple(one.observations for one in lot.entries),
        results=sum(len(one.observations) for one in lot.entries),
        written_as=request.written_as,
        signed_by=lot.signed_by,
    )


def unreadable_lot(finding: Finding) -> Understanding:
    """A request of which no metadata could be read."""
    return Understanding(format=Format.XDS, verdict=verdict_of([finding]), findings=(finding,))


def _read(request: Request, reading: Reading) -> _Lot:
    lot = _Lot()
    for registry, body, of_pair in paired(request):
        lot.findings += [of_pair] if of_pair else []
        where = place(registry)
        if body is not None and len(body) > reading.max_document_bytes:
            message = f"A document has at most {reading.max_document_bytes} bytes."
            lot.findings.append(error("xds-too-large", where, message))
            body = None
        if body is not None and (own := unique_id(registry)):
            lot.signed.setdefault(own, body)
        if registry.code("typeCode") == SIGNATURE_TYPE:
            lot.signatures += [(registry, body)] if body is not None else []
            lot.findings += aside_findings(request, registry, body, where)
            continue
        if body is not None and (aside := beside(registry, body, where)):
            lot.findings.append(replace(aside, code=aside.code.replace("xdm-", "xds-")))
            lot.findings += aside_findings(request, registry, body, where)
            continue
        lot.findings += _entered(request, registry, body, reading, lot)
    return lot


def _entered(
    request: Request, registry: RegistryEntry, body: bytes | None, reading: Reading, lot: _Lot
) -> Iterator[Finding]:
    """One document; of one without bytes its metadata alone, which is refused."""
    target, unresolved = replaced_by(request.metadata, registry)
    yield from unresolved
    submission = request.metadata.submission
    entry = read_entry(registry, body or b"", reading, lot=submission, replaced=target)
    document = entry.document
    if target:
        document = replace(document, action=Action.REPLACE, replaces=target)
    if body is None:
        document = replace(document, sha1="", sha256="", hash_ok=None, size_ok=None)
    entry = replace(entry, document=document)
    lot.entries.append(entry)
    if body is not None:
        yield from agreement_findings(request, registry, entry, reading, place(registry))


def _signed(request: Request, lot: _Lot, reading: Reading) -> Iterator[Finding]:
    package = request.metadata.submission
    own = package.ids.get("submissionUniqueId") if package else None
    if not lot.signatures:
        yield unsigned(is_strict=reading.strict)
    if len(lot.signatures) > 1:  # each would be held against all the documents
        yield error(BROKEN, "RegistryObjectList", "Sign the lot once.")
        return
    for registry, body in lot.signatures:
        others = {name: one for name, one in lot.signed.items() if name != unique_id(registry)}
        lot.signed_by, finding = judged(body, own, others, place(registry))
        yield finding


def _contents(entries: Sequence[Entry], raw: bytes) -> Iterator[Content]:
    """A part that stands in the message as it is, is cut out of it and kept once.

    Looked for behind the one before it, and no more once one was not found: 100 parts of a large
    message cost one look at it.
    """
    at = 0
    for entry in entries:
        start = raw.find(entry.body, at) if entry.body and at >= 0 else -1
        piece = Piece(start, start + len(entry.body), base64=False) if start >= 0 else None
        if entry.body:
            at = piece.stop if piece else -1
        yield Content(body=entry.body, words=entry.words, piece=piece)

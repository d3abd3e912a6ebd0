"""The inside of an ITI-41 request: its metadata, and the bytes of each Document (XDS.md section 4).

Documents are found as MTOM packs them (an Include names a part) or as base64 in the XML itself.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from gateway.errors import RefusedError
from gateway.mapping.soap.mtom import content_of
from gateway.mapping.xdm.ebrim.metadata import (
    LCM_ROOT,
    MAX_CLASSIFICATIONS,
    RIM,
    Metadata,
    RegistryEntry,
    metadata_in,
)
from gateway.mapping.xml import Element
from gateway.records.intake.finding import Finding, Severity

XDSB = "{urn:ihe:iti:xds-b:2007}"
REQUEST = f"{XDSB}ProvideAndRegisterDocumentSetRequest"
DOCUMENT = f"{XDSB}Document"
MAX_DOCUMENTS = 200
"""As many as parts are taken (XDS.md section 2)."""


@dataclass(frozen=True, slots=True)
class Request:
    """`bodies` are the bytes of each Document by its id, None of one whose bytes are not there: an
    Include that names no part, text that is no base64. `packages` counts RegistryPackages, sets and
    folders; `written_as` is hexadecimal SHA-256 of all that is said."""

    metadata: Metadata
    bodies: Mapping[str, bytes | None]
    packages: int
    written_as: str
    findings: tuple[Finding, ...] = field(default=())


def read_request(root: Element, parts: Mapping[str, bytes]) -> Request:
    """`root` is the request, or the SubmitObjectsRequest that stands in it.

    Raises RefusedError where there is nothing to read: no such request, no metadata.
    """
    found = [root] if root.tag == LCM_ROOT else root.findall(LCM_ROOT)
    if root.tag not in (REQUEST, LCM_ROOT) or len(found) != 1:
        message = (
            "Send a ProvideAndRegisterDocumentSetRequest with one SubmitObjectsRequest (ITI-41)."
        )
        raise RefusedError(message, finding=error("xds-request", "Body", message))
    [submitted] = found
    metadata = _metadata(submitted)
    written = root.findall(DOCUMENT) if root is not submitted else []
    bodies, findings = _bodies(written, parts)
    return Request(
        metadata=metadata,
        bodies=bodies,
        packages=len(submitted.findall(f"{RIM}RegistryObjectList/{RIM}RegistryPackage")),
        written_as=_written_as(submitted, bodies),
        findings=tuple(findings),
    )


def _metadata(submitted: Element) -> Metadata:
    try:
        return metadata_in(submitted)
    except RefusedError as refusal:
        found = refusal.finding
        message = (
            "A SubmitObjectsRequest has one RegistryObjectList of at most 100 documents, and each"
            f" at most {MAX_CLASSIFICATIONS} classifications."
        )
        if found is None or found.code != "xdm-metadata":
            raise
        where = "SubmitObjectsRequest"
        raise RefusedError(message, finding=error("xds-metadata", where, message)) from refusal


def _bodies(
    written: Sequence[Element], parts: Mapping[str, bytes]
) -> tuple[dict[str, bytes | None], list[Finding]]:
    """A part serves one Document: a large one named by each would be read as often."""
    if len(written) > MAX_DOCUMENTS:
        message = f"Send at most {MAX_DOCUMENTS} documents a request."
        raise RefusedError(message, finding=error("xds-request", "Document", message))
    bodies: dict[str, bytes | None] = {}
    findings: list[Finding] = []
    for one in written:
        name, body = (one.get("id") or "").strip(), content_of(one, parts) or None
        where = f"Document {name[:80]}".rstrip()
        if name in bodies:
            message = "Give each Document an id of its own: one stands for two."
            findings.append(error("xds-document", where, message))
        elif body is not None and len(body) > 1 and any(body is each for each in bodies.values()):
            findings.append(error("xds-document", where, "Include each part once."))
        else:
            bodies[name] = body
    return bodies, findings


def paired(request: Request) -> Iterator[tuple[RegistryEntry, bytes | None, Finding | None]]:
    """Each entry with the bytes of its Document, None without one, and what is said of the pair.

    By id; where no Document bears it, without case where one alone does so (the DMP took that).
    """
    folded: dict[str, list[str]] = {}
    for name in request.bodies:
        folded.setdefault(name.casefold(), []).append(name)
    exact = {one.id for one in request.metadata.entries}
    for entry in request.metadata.entries:
        near = [entry.id] if entry.id in request.bodies else folded.get(entry.id.casefold(), [])
        names = [name for name in near if name == entry.id or name not in exact]
        body = request.bodies[names[0]] if len(names) == 1 else None
        yield entry, body, _pair_finding(entry, names, body)


def _pair_finding(entry: RegistryEntry, names: Sequence[str], body: bytes | None) -> Finding | None:
    where = place(entry)
    if len(names) != 1:
        message = "Send one Document with the id of this entry."
        return error("xds-no-document", where, message)
    if body is None:
        message = "Send its bytes: the Include names no part, or the text is not base64."
        return error("xds-no-document", where, message)
    if names[0] != entry.id:
        message = "Document/@id is that of its entry but for capitals: write it alike."
        return warning("xds-document-id", where, message)
    return None


def unpaired(request: Request) -> Iterator[Finding]:
    """Documents that no entry describes, entries that bear one id."""
    known = {one.id.casefold() for one in request.metadata.entries}
    for name in request.bodies:
        if name.casefold() not in known:
            message = "Describe this Document: no ExtrinsicObject bears its id."
            yield error("xds-no-entry", f"Document {name[:80]}", message)
    ids = Counter(one.id for one in request.metadata.entries)
    if any(count > 1 for count in ids.values()):
        message = "Give each ExtrinsicObject an id of its own: one stands for two."
        yield error("xds-entry-id", "ExtrinsicObject", message)


def place(entry: RegistryEntry) -> str:
    """How findings name an entry: as its sender does inside the request."""
    return entry.id[:80] or "ExtrinsicObject"


def _written_as(submitted: Element, bodies: Mapping[str, bytes | None]) -> str:
    """However it is packed, indented and prefixed: a retry says the same (XDS.md section 11)."""
    digest = hashlib.sha256()

    def say(*words: str) -> None:
        for word in words:
            text = word.encode("utf-8", "surrogatepass")
            digest.update(len(text).to_bytes(8))
            digest.update(text)

    for event, one in etree.iterwalk(submitted, events=("start", "end")):
        if event == "end":
            say("/")
            continue
        attributes = sorted((str(name), str(value)) for name, value in one.attrib.items())
        say(str(one.tag), str(len(attributes)), " ".join((one.text or "").split()))
        for name, value in attributes:
            say(name, value)
    for name, body in sorted(bodies.items()):
        say(name, hashlib.sha256(body or b"").hexdigest())
    return digest.hexdigest()


def error(code: str, where: str, message: str, application: int | None = None) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, where=where, message=message, application=application
    )


def warning(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message)

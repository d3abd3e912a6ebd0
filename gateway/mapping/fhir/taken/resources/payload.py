"""The own bytes behind an Attachment or a Binary: inline base64, or a Binary of the same Bundle.

An address that points elsewhere is never fetched (SECURITY law 5): it becomes a finding.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pybase64

from gateway.mapping.fhir.findings import error, hold, warning
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import Room
from gateway.mapping.fhir.values import UUID_PREFIX, text
from gateway.records.documents.document import CDA_TYPES
from gateway.records.intake.finding import Finding
from gateway.records.intake.understanding import Piece

LINE_ENDS = str.maketrans("", "", "\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """`body` None when the bytes are not here. `written` is the base64 when it is canonical."""

    body: bytes | None
    mime_type: str
    written: str | None = None
    hash_ok: bool | None = None
    size_ok: bool | None = None
    findings: tuple[Finding, ...] = ()


def attachment_payload(attachment: Json, room: Room, *, where: str, in_bundle: bool) -> Payload:
    """`where` is the FHIRPath of the attachment; `in_bundle` when a Bundle carries it."""
    mime = media_type(text(attachment, "contentType") or _of_binary(attachment, room))
    source, problem = _source(attachment, room, where=where, in_bundle=in_bundle)
    if source is None:
        return Payload(body=None, mime_type=mime, findings=(problem,) if problem else ())
    body, written = decode(source)
    if body is None:
        finding = _not_base64(attachment, where)
        return Payload(body=None, mime_type=mime, findings=(finding,))
    hash_ok = _hash_ok(attachment.get("hash"), body)
    size_ok = _size_ok(attachment.get("size"), body)
    found = list(_type_findings(attachment, room, mime, where))
    if hash_ok is False:
        message = "hash must be the base64 of the SHA-1 of the document's bytes."
        found.append(hold("hash-mismatch", f"{where}.hash", message))
    if size_ok is False:
        message = "size must be the number of bytes before base64."
        found.append(hold("size-mismatch", f"{where}.size", message))
    return Payload(
        body=body,
        mime_type=mime,
        written=written,
        hash_ok=hash_ok,
        size_ok=size_ok,
        findings=tuple(found),
    )


def _source(
    attachment: Json, room: Room, *, where: str, in_bundle: bool
) -> tuple[str | None, Finding | None]:
    """The base64 text, or why there is none."""
    data = attachment.get("data")
    if isinstance(data, str):
        return data, None
    url = text(attachment, "url")
    if url is None:
        return None, hold("attachment-missing", where, "Send the document in data.")
    found = room.find(url, {})
    if text(found, "resourceType") == "Bundle":
        message = "FHIRDocumentNotSupported: post a FHIR document by itself."
        return None, hold("fhir-document-not-supported", f"{where}.url", message)
    inside = found.get("data")
    if isinstance(inside, str):
        return inside, None
    if in_bundle and (found or url.startswith(UUID_PREFIX)):
        message = "The Binary that url names is not in the Bundle, or is empty."
        return None, error("binary-missing", f"{where}.url", message)
    message = "The document is not here and is never fetched: send it in data or in the Bundle."
    return None, hold("attachment-not-here", f"{where}.url", message)


def _not_base64(attachment: Json, where: str) -> Finding:
    if isinstance(attachment.get("data"), str):
        return error("base64", f"{where}.data", "Write data in strict base64.")
    message = "Write data of the Binary that url names in strict base64."
    return error("base64", f"{where}.url", message)


def _of_binary(attachment: Json, room: Room) -> str | None:
    """What the Binary says of itself, where the Attachment says nothing."""
    found = room.find(text(attachment, "url"), {})
    return text(found, "contentType")


def _type_findings(attachment: Json, room: Room, mime: str, where: str) -> Iterator[Finding]:
    """The Attachment and the Binary that it names are of one type; the Attachment's is kept."""
    own = media_type(_of_binary(attachment, room)) if "data" not in attachment else ""
    if own and own != mime and not {own, mime} <= CDA_TYPES:
        message = "contentType is not that of the Binary: say the same in both."
        yield warning("mime-differs", f"{where}.contentType", message)


def decode(written: str) -> tuple[bytes | None, str | None]:
    """The bytes, and the text itself where it is canonical; line ends are tolerated."""
    plain = written.translate(LINE_ENDS) if "\n" in written or "\r" in written else written
    try:
        body = pybase64.b64decode(plain.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None, None
    canonical = plain is written and pybase64.b64encode(body) == written.encode()
    return body, written if canonical else None


def cut_out(raw: bytes, written: str | None, after: int = 0) -> Piece | None:
    """Where the canonical base64 stands in the input, between its quotes."""
    if not written:
        return None
    quoted = f'"{written}"'.encode()
    at = raw.find(quoted, after)
    return Piece(at + 1, at + len(quoted) - 1, base64=True) if at >= 0 else None


def media_type(content_type: str | None) -> str:
    """The bare type, without parameters, in lower case."""
    return (content_type or "").partition(";")[0].strip().lower()


def _hash_ok(said: Any, body: bytes) -> bool | None:
    """None where nothing is said; what is said in another shape is no hash of these bytes."""
    if said is None or (isinstance(said, str) and not said.strip()):
        return None
    own = hashlib.sha1(body, usedforsecurity=False).digest()
    return isinstance(said, str) and " ".join(said.split()) == base64.b64encode(own).decode()


def _size_ok(said: Any, body: bytes) -> bool | None:
    """`27.0` and `2.7e1` are 27 (RFC 8259); a string and `true` are no size of these bytes."""
    if said is None:
        return None
    return not isinstance(said, bool | str | list | dict) and bool(said == len(body))

"""multipart/related as MTOM packs a SOAP message (XOP, RFC 2387), read and written.

A delimiter is a whole line (RFC 2046, 5.1.1): what only begins like one is content. Every search
goes over the bytes once, so that a hostile body costs what its length costs.
"""

import binascii
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from gateway.mapping.soap.message import NO_PARTS, SOAP_12, FaultError
from gateway.mapping.xml import Element

MULTIPART = "multipart/related"
XOP = "application/xop+xml"
INCLUDE = "{http://www.w3.org/2004/08/xop/include}Include"
SOAP_TYPES = {SOAP_12: "application/soap+xml"}
SOAP_11_TYPE = "text/xml"
CID = "cid:"
MAX_PARTS = 200
MAX_HEAD_BYTES = 16_384
"""Of the headers of one part."""
MAX_TYPE_CHARACTERS = 4_096
"""Of the header Content-Type of a message."""
BLANK = re.compile(rb"\r?\n\r?\n")
FOLD = re.compile(rb"\r?\n[ \t]+")
TYPE = re.compile(r"\s*([^\s;]+)\s*")
PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*+)"|([^\s;"]*))\s*')
QUOTED = re.compile(r"\\(.)")
AS_IT_IS = ("binary", "8bit", "7bit", "")
NOT_MULTIPART = "Le corps n'est pas un multipart/related entier : "


class MediaType(NamedTuple):
    """`essence` in small letters, "text/xml"; names of parameters in small letters."""

    essence: str
    parameters: Mapping[str, str]


class Package(NamedTuple):
    """The bytes of the root, and the other parts by their Content-ID, without angle brackets."""

    root: bytes
    parts: Mapping[str, bytes]


class _Part(NamedTuple):
    id: str | None
    content: bytes


def media_type(header: str) -> MediaType:
    """A Content-Type taken apart; what is malformed of it is left out (RFC 9110, 8.3.1). The first
    of two parameters of one name counts."""
    header = header[:MAX_TYPE_CHARACTERS]
    found = TYPE.match(header)
    if found is None:
        return MediaType("", {})
    parameters: dict[str, str] = {}
    at = found.end()
    while one := PARAMETER.match(header, at):
        value = one[3] if one[2] is None else QUOTED.sub(r"\1", one[2])
        parameters.setdefault(one[1].lower(), value)
        at = one.end()
    return MediaType(found[1].lower(), parameters)


def split(kind: MediaType, body: bytes) -> Package:
    """The root and the other parts of a body of type multipart/related (XDS.md section 3).

    The root is the part that `start` names, else the first. Raises FaultError, HTTP 400: no
    boundary, no closing delimiter, too many parts, two of one Content-ID, an encoding that is not
    known or not kept.
    """
    boundary = kind.parameters.get("boundary", "")
    if not boundary or not boundary.isascii():
        raise _unreadable("le paramètre boundary manque.")
    parts = [_part(body[start:end]) for start, end in _spans(boundary.encode(), body)]
    ids = [one.id for one in parts if one.id is not None]
    if len(ids) != len(set(ids)):
        raise _unreadable("deux parties ont le même Content-ID.")
    start = bare_id(kind.parameters.get("start", ""))
    root = next((one for one in parts if one.id == start), parts[0])
    others = {one.id: one.content for one in parts if one.id is not None and one is not root}
    return Package(root.content, others)


def _spans(boundary: bytes, body: bytes) -> list[tuple[int, int]]:
    """Where each part begins and ends; preamble and epilogue are none."""
    line = rb"--" + re.escape(boundary) + rb"(--)?[ \t]*+(?=\r?\n|\Z)"
    spans: list[tuple[int, int]] = []
    begun: int | None = None
    first = re.compile(line).match(body)
    found = first or re.compile(rb"\n" + line).search(body)
    later = re.compile(rb"\n" + line)
    while found is not None:
        if begun is not None:
            spans.append((begun, max(begun, _before(body, found.start()))))
        if found[1] is not None:
            break
        if len(spans) == MAX_PARTS:
            raise _unreadable(f"il a plus de {MAX_PARTS} parties.")
        begun = found.end() + (2 if body.startswith(b"\r", found.end()) else 1)
        found = later.search(body, begun - 1)
    if found is None:
        raise _unreadable("le délimiteur de fin manque.")
    if not spans:
        raise _unreadable("il n'a aucune partie.")
    return spans


def _before(body: bytes, newline: int) -> int:
    """The end of a part: the line end before its delimiter is no content."""
    return newline - 1 if newline and body[newline - 1 : newline] == b"\r" else newline


def _part(raw: bytes) -> _Part:
    if raw.startswith((b"\n", b"\r\n")):
        return _Part(None, raw[2:] if raw.startswith(b"\r") else raw[1:])
    blank = BLANK.search(raw, 0, MAX_HEAD_BYTES)
    if blank is None:
        raise _unreadable("une partie n'a pas de ligne vide après ses en-têtes.")
    headers = _headers(raw[: blank.start()])
    content = raw[blank.end() :]
    encoding = headers.get("content-transfer-encoding", "").lower()
    return _Part(
        bare_id(headers["content-id"]) if "content-id" in headers else None,
        content if encoding in AS_IT_IS else _decoded(content, encoding),
    )


def _headers(head: bytes) -> dict[str, str]:
    lines = FOLD.sub(b" ", head).decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _decoded(content: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.a2b_qp(content)
    if encoding != "base64":
        raise _unreadable("le Content-Transfer-Encoding d'une partie n'est pas connu.")
    decoded = from_base64(content)
    if decoded is None:
        raise _unreadable("une partie n'est pas le base64 qu'elle annonce.")
    return decoded


def from_base64(text: bytes) -> bytes | None:
    """Base64 with blanks and lines anywhere; None for what is none."""
    try:
        return binascii.a2b_base64(b"".join(text.split()), strict_mode=True)
    except binascii.Error:
        return None


def bare_id(value: str) -> str:
    """A Content-ID without its angle brackets."""
    value = value.strip()
    return value[1:-1] if value.startswith("<") and value.endswith(">") else value


def content_of(holder: Element, parts: Mapping[str, bytes] = NO_PARTS) -> bytes | None:
    """The bytes that an element holds: of the part that its xop:Include names, else its own text in
    base64. None where the Include names no part or is not alone (XOP 2.1), or the text is no
    base64."""
    include = holder.find(INCLUDE)
    if include is not None and len(holder) > 1:
        return None
    if include is None:
        return from_base64("".join(holder.itertext()).encode())
    href = include.get("href", "").strip()
    if not href.lower().startswith(CID):
        return None
    written = href[len(CID) :]
    if (found := parts.get(bare_id(written))) is not None:
        return found
    return parts.get(bare_id(unquote_to_bytes(written).decode("utf-8", "replace")))


def pack(
    root: bytes, parts: Mapping[str, bytes], *, boundary: str, soap: str, action: str
) -> tuple[str, bytes]:
    """Content-Type and body of a message as MTOM packs it.

    `boundary` is of letters, digits and hyphens, and in no content; `parts` are by Content-ID.
    """
    kind = SOAP_TYPES.get(soap, SOAP_11_TYPE)
    start = f"root.{boundary}@passerelle"
    lines = [f'Content-Type: {XOP}; charset=UTF-8; type="{kind}"']
    pieces = _piece(boundary, lines, start, root)
    for id, content in parts.items():
        pieces += _piece(boundary, ["Content-Type: application/octet-stream"], id, content)
    pieces.append(f"--{boundary}--\r\n".encode())
    header = (
        f'{MULTIPART}; boundary={boundary}; type="{XOP}"; start="<{start}>"; start-info="{kind}"'
    )
    return f'{header}; action="{action}"', b"".join(pieces)


def _piece(boundary: str, headers: list[str], id: str, content: bytes) -> list[bytes]:
    told = [*headers, "Content-Transfer-Encoding: binary", f"Content-ID: <{id}>"]
    head = "\r\n".join([f"--{boundary}", *told, "", ""])
    return [head.encode(), content, b"\r\n"]


def _unreadable(what: str) -> FaultError:
    return FaultError("Sender", NOT_MULTIPART + what, status=400)

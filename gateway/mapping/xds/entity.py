"""A SOAP message as bytes that tell their own type: what the DMP door keeps, or a file holds.

Kept is the line of its Content-Type, a blank line and the body. A file may be a whole HTTP request
as it was recorded, a multipart body without any header, or an envelope alone.
"""

import re
from typing import NamedTuple

from gateway.mapping.soap.mtom import BLANK, FOLD

SOAP_XML = "application/soap+xml"
HEAD_BYTES, MAX_HEAD_BYTES = 2_048, 65_536
HTTP_START = re.compile(rb"(?:POST [^\r\n]{1,2000} HTTP/1\.[01]|HTTP/1\.[01] \d{3}[^\r\n]*)\r?\n")
TYPE = re.compile(rb"^content-type:[ \t]*([^\r\n]+)\r?$", re.IGNORECASE | re.MULTILINE)
SOAP_TYPE = re.compile(rb"application/(?:xop|soap)\+xml", re.IGNORECASE)
DELIMITER = re.compile(rb"--([!-~]{1,70})[ \t]*\r?\n")
ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?:[\w.-]+:)?"
    rb"(?:Envelope|ProvideAndRegisterDocumentSetRequest|SubmitObjectsRequest)[\s>/]",
    re.DOTALL,
)
"""An envelope, or what it holds of a lot."""


class Entity(NamedTuple):
    content_type: str
    body: bytes


def is_soap(raw: bytes) -> bool:
    """Whether these are bytes of a SOAP message, by their beginning."""
    head = raw[:HEAD_BYTES]
    if head.lstrip().startswith((b"<", b"\xef\xbb\xbf")):
        return ROOT.match(head) is not None
    if HTTP_START.match(head) or head[:13].lower() == b"content-type:":
        named = TYPE.search(FOLD.sub(b" ", _head(raw)))
        return named is not None and SOAP_TYPE.search(named[1]) is not None
    begun = DELIMITER.match(head)
    return begun is not None and SOAP_TYPE.search(head) is not None


def read_entity(raw: bytes) -> Entity:
    """The type and body of bytes that `is_soap` knows."""
    head = raw[:HEAD_BYTES]
    if head.lstrip().startswith((b"<", b"\xef\xbb\xbf")):
        return Entity(SOAP_XML, raw)
    if begun := DELIMITER.match(head):
        boundary = begun[1].decode("ascii")
        return Entity(f'multipart/related; boundary="{boundary}"', raw)
    named = TYPE.search(FOLD.sub(b" ", _head(raw)))
    blank = BLANK.search(raw, 0, MAX_HEAD_BYTES)
    content_type = named[1].decode("latin-1").strip() if named else ""
    return Entity(content_type, raw[blank.end() :] if blank else b"")


def _head(raw: bytes) -> bytes:
    blank = BLANK.search(raw, 0, MAX_HEAD_BYTES)
    return raw[: blank.start()] if blank else b""

"""The only maker of XML parsers (SECURITY section 1).

Bytes only, a size cap before anything else, no DOCTYPE in any encoding, no entity, no network.
`huge_tree` is tried only under the same cap, for a text node above libxml2's 10 MB.
"""

import re

from lxml import etree

from gateway.errors import RefusedError
from gateway.records.intake.finding import Finding, Severity

MAX_DOCUMENT_BYTES = 20_000_000
MAX_START_TAG_BYTES = 65_536
MAX_TAGS = 400_000
"""Opening and closing ones; a published document has 12,000 at most, a tree 120 bytes for each."""
MAX_DEPTH = 256
"""libxml2's own limit without huge_tree; the second try is held to it too."""
libxml2_text_limit_bytes = 10_000_000

Element = etree._Element

_PROLOG_DOCTYPE = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_LONG_TAG = re.compile(rb"<[A-Za-z_:][^<>]{%d}" % MAX_START_TAG_BYTES)
_ENCODING = re.compile(rb"""<\?xml\s[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_ENCODINGS = re.compile(
    rb"utf-?8|utf-?16(?:le|be)?|utf-?32(?:le|be)?|ucs-[24]|iso-10646-ucs-[24]|(?:us-)?ascii"
    rb"|iso[-_]?8859[-_]?[0-9]{1,2}|latin-?[0-9]{1,2}|(?:windows|cp)-?125[0-9]|cp85[08]|macintosh",
    re.IGNORECASE,
)
"""Encodings in which a `<` is a `<`: in others (UTF-7, EBCDIC) a filter of bytes is blind."""
_WIDE = re.compile(rb"utf-?(?:16|32)|ucs", re.IGNORECASE)

_HINTS: dict[int, str] = {
    etree.ErrorTypes.ERR_INVALID_ENCODING: "Its bytes are not in the encoding it declares",
    etree.ErrorTypes.ERR_INVALID_CHAR: "It holds a character that XML does not allow",
    etree.ErrorTypes.ERR_DOCUMENT_END: "Something follows the end of the document",
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: "There is no XML in it",
    etree.ErrorTypes.ERR_RESERVED_XML_NAME: "Something stands before the XML declaration",
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "An element is closed by the name of another",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "It ends before its last element is closed",
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "It uses an entity that XML does not know",
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: "It uses a namespace prefix it does not declare",
}
CUT = "It breaks off in the middle of an element"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class XmlRefusedError(RefusedError):
    """Bytes that are no XML we take; `finding` says what to mend, and never quotes the input."""


def refused(code: str, message: str) -> XmlRefusedError:
    finding = Finding(code=code, severity=Severity.ERROR, where="/", message=message, condition=102)
    return XmlRefusedError(message, finding=finding)


def parse_xml(data: bytes, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Element:
    """The root element of `data`, without its comments: they would split a text in two.

    The encoding is the one declared, else UTF-8. Raises XmlRefusedError: `xml-too-large`,
    `xml-compressed`, `xml-doctype`, `xml-encoding`, `xml-limits`, `xml-malformed`.
    """
    if len(data) > max_bytes:
        raise refused("xml-too-large", f"The document is larger than {max_bytes} bytes.")
    if data.startswith(b"\x1f\x8b"):
        raise refused("xml-compressed", "The bytes are gzip: send the XML itself.")
    if data.count(b"<") > MAX_TAGS:
        raise refused("xml-limits", f"The document has more than {MAX_TAGS} tags.")
    return _taken(data, is_whole=False)


def parse_whole(data: bytes, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Element:
    """The same with its comments and instructions, for what was signed with them. No text is read
    in such a tree: a comment splits it in two."""
    if len(data) > max_bytes or data.count(b"<") > MAX_TAGS:
        raise refused("xml-limits", "The document is larger than what is taken.")
    return _taken(data, is_whole=True)


def _taken(data: bytes, *, is_whole: bool) -> Element:
    _refuse_prolog(data)
    root = _parsed(data, is_whole=is_whole)
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise refused("xml-doctype", "A DOCTYPE is not allowed: remove it.")
    return root


def _refuse_prolog(data: bytes) -> None:
    plain = data.replace(b"\x00", b"") if b"\x00" in data[:8] else data
    for bom in _BOMS:
        if plain.startswith(bom):
            plain = plain.removeprefix(bom)
    if b"<!DOCTYPE" in plain and _PROLOG_DOCTYPE.match(plain):
        raise refused("xml-doctype", "A DOCTYPE is not allowed: remove it.")
    declared = _ENCODING.match(plain)
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        raise refused("xml-encoding", "The declared encoding is not taken: write UTF-8.")
    if declared and plain is data and _WIDE.match(declared[1]):
        raise refused("xml-encoding", "It declares UTF-16 and is written in bytes: declare UTF-8.")


def _parsed(data: bytes, *, is_whole: bool) -> Element:
    try:
        return etree.fromstring(data, _parser(huge=False, is_whole=is_whole))
    except etree.XMLSyntaxError as error:
        if error.code != etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise _malformed(error, data) from error
        if len(data) <= libxml2_text_limit_bytes or _LONG_TAG.search(data):
            raise refused("xml-limits", "The document is nested or built too large.") from error
    try:
        root = etree.fromstring(data, _parser(huge=True, is_whole=is_whole))
    except etree.XMLSyntaxError as error:
        raise _malformed(error, data) from error
    if _deeper_than(root, MAX_DEPTH):
        raise refused("xml-limits", f"Elements are nested more than {MAX_DEPTH} deep.")
    return root


def _parser(*, huge: bool, is_whole: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=huge,
        remove_pis=not is_whole,
        remove_comments=not is_whole,
    )


def _malformed(error: etree.XMLSyntaxError, data: bytes) -> XmlRefusedError:
    line = error.position[0] if error.position else 0
    cut = not data.rstrip(b"\x00 \t\r\n").endswith(b">")
    words = _HINTS.get(error.code, CUT if cut else "This is not well-formed XML")
    return refused("xml-malformed", f"{words} (line {line}).")


def _deeper_than(root: Element, limit: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False

"""A SOAP envelope, 1.2 or 1.1: what it says, whatever it was packed in (XDS.md, 2 and 3)."""

from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from gateway.mapping.soap.message import (
    ADDRESSING,
    NO_PARTS,
    SOAP_11,
    SOAP_12,
    FaultError,
    Message,
)
from gateway.mapping.soap.mtom import MULTIPART, XOP, media_type, split
from gateway.mapping.xml import MAX_DOCUMENT_BYTES, Element, XmlRefusedError, parse_xml

MAX_DEPTH = 64
MAX_PLAIN_BYTES = 100_000_000
"""Of an envelope that holds its documents itself, in base64."""
PLAIN_TYPES = ("application/soap+xml", "text/xml", "application/xml", XOP)
SECURITY = (
    "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}Security"
)
TRUE = ("1", "true")
FOR_US = (
    "",
    "http://www.w3.org/2003/05/soap-envelope/role/next",
    "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
    "http://schemas.xmlsoap.org/soap/actor/next",
)
WSA = f"{{{ADDRESSING}}}"
ONCE = ("Action", "MessageID", "To", "ReplyTo", "FaultTo", "From")
"""Headers of WS-Addressing that stand once at most (its SOAP binding, section 3.2)."""
MALFORMED = "il n'est pas bien formé."
NOT_XML = {
    "xml-too-large": "il est trop long.",
    "xml-compressed": "c'est du gzip sans Content-Encoding.",
    "xml-doctype": "un DOCTYPE n'est pas accepté.",
    "xml-encoding": "son encodage n'est pas accepté, écrivez en UTF-8.",
    "xml-limits": "il a trop de balises ou de niveaux.",
}
"""What `parse_xml` refuses, by the code of its finding."""
ABSENT = (
    "A required header representing a Message Addressing Property is not present"
    " (en-tête {} absent)."
)


def read_message(content_type: str, body: bytes) -> Message:
    """What one request says: its envelope, its parts and its WS-Addressing.

    Raises FaultError, HTTP 400 where no envelope could be read: 415 for a type that is none of
    SOAP's, VersionMismatch for an envelope of another SOAP.
    """
    kind = media_type(content_type)
    if kind.essence == MULTIPART:
        package = split(kind, body)
        return message_of(
            _parsed(package.root, MAX_DOCUMENT_BYTES), packed=True, parts=package.parts
        )
    if kind.essence not in PLAIN_TYPES:
        reason = "Content-Type doit être multipart/related ou application/soap+xml."
        raise FaultError("Sender", reason, status=415)
    return message_of(_parsed(body, MAX_PLAIN_BYTES))


def message_of(
    envelope: Element, *, packed: bool = False, parts: Mapping[str, bytes] = NO_PARTS
) -> Message:
    """A tree read as an envelope. Raises FaultError where it is none."""
    name = etree.QName(envelope)
    if name.localname != "Envelope":
        raise FaultError("Sender", "La racine n'est pas une soap:Envelope.", status=400)
    soap = name.namespace or ""
    if soap not in (SOAP_12, SOAP_11):
        raise FaultError("VersionMismatch", "SOAP 1.2 ou 1.1 est attendu.")
    headers = envelope.findall(f"{{{soap}}}Header")
    bodies = envelope.findall(f"{{{soap}}}Body")
    if len(headers) > 1 or len(bodies) != 1 or len(bodies[0]) != 1:
        reason = "L'enveloppe a un Header au plus, et un Body d'un seul élément."
        raise FaultError("Sender", reason, status=400)
    header = headers[0] if headers else None
    return Message(
        envelope=envelope,
        header=header,
        body=bodies[0][0],
        soap=soap,
        packed=packed,
        action=_addressing(header, "Action"),
        message_id=_addressing(header, "MessageID"),
        parts=parts,
    )


def check_headers(message: Message) -> None:
    """Raises FaultError: a required header of WS-Addressing is absent or stands twice, or one that
    must be understood is none that is (SOAP 1.2 part 1, 5.4.8)."""
    for header in _entries(message):
        if _must(header, message.soap) and not _is_understood(header):
            reason = "Un en-tête marqué mustUnderstand n'est pas compris."
            raise FaultError("MustUnderstand", reason)
    counted = Counter(str(one.tag) for one in _entries(message))
    if twice := next((name for name in ONCE if counted[WSA + name] > 1), None):
        reason = f"L'en-tête {twice} est répété."
        raise FaultError("Sender", reason, subcode="wsa:InvalidAddressingHeader")
    given = {"Action": message.action, "MessageID": message.message_id}
    if absent := next((name for name, value in given.items() if not value), None):
        subcode = "wsa:MessageAddressingHeaderRequired"
        raise FaultError("Sender", ABSENT.format(absent), subcode=subcode)


def _parsed(raw: bytes, max_bytes: int) -> Element:
    """Limits of the envelope's own tree, which a sender's documents are no part of."""
    try:
        root = parse_xml(raw, max_bytes=max_bytes)
    except XmlRefusedError as error:
        code = error.finding.code if error.finding is not None else ""
        reason = f"L'enveloppe n'est pas un XML accepté : {NOT_XML.get(code, MALFORMED)}"
        raise FaultError("Sender", reason, status=400) from error
    if is_deeper(root, MAX_DEPTH):
        reason = f"L'enveloppe a plus de {MAX_DEPTH} niveaux."
        raise FaultError("Sender", reason, status=400)
    return root


def is_deeper(root: Element, limit: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False


def _entries(message: Message) -> Iterator[Element]:
    return iter(message.header if message.header is not None else ())


def _addressing(header: Element | None, name: str) -> str | None:
    found = header.find(WSA + name) if header is not None else None
    return "".join(found.itertext()).strip() or None if found is not None else None


def _must(header: Element, soap: str) -> bool:
    """Also without the prefix of SOAP, as it is met [W]; only where the header is meant for us."""
    value = header.get(f"{{{soap}}}mustUnderstand", header.get("mustUnderstand", ""))
    role = header.get(f"{{{soap}}}role", header.get(f"{{{soap}}}actor", ""))
    return value.strip().lower() in TRUE and role in FOR_US


def _is_understood(header: Element) -> bool:
    return str(header.tag).startswith(WSA) or header.tag == SECURITY

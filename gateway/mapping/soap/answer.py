"""Envelopes that answer: of a transaction, and of a fault, in the SOAP that was received."""

from lxml import etree

from gateway.mapping.soap.message import ADDRESSING, SOAP_11, FaultError
from gateway.mapping.vihf.alone import WSSE
from gateway.mapping.xml import Element

ANONYMOUS = f"{ADDRESSING}/anonymous"
FAULT_ACTION = f"{ADDRESSING}/fault"
"""Of the faults that WS-Addressing defines; SOAP's own have the next one (its section 6)."""
SOAP_FAULT_ACTION = f"{ADDRESSING}/soap/fault"
WSA_PREFIX, WSSE_PREFIX = "wsa:", "wsse:"
SOAP_11_CODES = {"Sender": "Client", "Receiver": "Server"}
NO_BODY = b"<soap:Body/></soap:Envelope>"
BODY = (b"<soap:Body>", b"</soap:Body></soap:Envelope>")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_answer(
    body: Element | bytes, *, soap: str, action: str, message_id: str, relates_to: str | None
) -> bytes:
    """The envelope of an answer; `relates_to` is the MessageID of its request, `body` the first
    element of its Body, which is taken out of the tree it stands in; or is written already, in
    UTF-8 and with its own namespaces."""
    envelope = _envelope(soap, action, message_id, relates_to)
    held = etree.SubElement(envelope, f"{{{soap}}}Body")
    if isinstance(body, bytes):
        return _written(envelope).removesuffix(NO_BODY) + BODY[0] + body + BODY[1]
    held.append(body)
    return _written(envelope)


def write_fault(
    fault: FaultError, *, soap: str, message_id: str, relates_to: str | None
) -> tuple[str, bytes]:
    """The Action and the envelope of a fault (SOAP 1.2 part 1, 5.4; SOAP 1.1, 4.4)."""
    addressing = (fault.subcode or "").startswith(WSA_PREFIX)
    action = FAULT_ACTION if addressing else SOAP_FAULT_ACTION
    security = WSSE if (fault.subcode or "").startswith(WSSE_PREFIX) else None
    envelope = _envelope(soap, action, message_id, relates_to, security=security)
    body = etree.SubElement(envelope, f"{{{soap}}}Body")
    told = etree.SubElement(body, f"{{{soap}}}Fault")
    (_say_11 if soap == SOAP_11 else _say_12)(told, fault, soap)
    return action, _written(envelope)


def _say_12(told: Element, fault: FaultError, soap: str) -> None:
    code = etree.SubElement(told, f"{{{soap}}}Code")
    etree.SubElement(code, f"{{{soap}}}Value").text = f"soap:{fault.code}"
    if fault.subcode is not None:
        subcode = etree.SubElement(code, f"{{{soap}}}Subcode")
        etree.SubElement(subcode, f"{{{soap}}}Value").text = _qualified(fault.subcode)
    reason = etree.SubElement(told, f"{{{soap}}}Reason")
    etree.SubElement(reason, f"{{{soap}}}Text", {LANG: "fr"}).text = fault.reason


def _say_11(told: Element, fault: FaultError, _soap: str) -> None:
    """There is no subcode: it follows a dot, and a fault of WS-Addressing is its own code."""
    code = f"soap:{SOAP_11_CODES.get(fault.code, fault.code)}"
    if fault.subcode is not None:
        addressing = fault.subcode.startswith(WSA_PREFIX)
        code = fault.subcode if addressing else f"{code}.{fault.subcode.rpartition(':')[2]}"
    etree.SubElement(told, "faultcode").text = code
    etree.SubElement(told, "faultstring", {LANG: "fr"}).text = fault.reason


def _qualified(subcode: str) -> str:
    """A code of the DMP has the prefix of SOAP there [T]."""
    return subcode if ":" in subcode else f"soap:{subcode}"


def _envelope(
    soap: str, action: str, message_id: str, relates_to: str | None, *, security: str | None = None
) -> Element:
    """`security` is the namespace of a subcode under its prefix."""
    prefixes = {"soap": soap, "wsa": ADDRESSING} | ({"wsse": security} if security else {})
    envelope = etree.Element(f"{{{soap}}}Envelope", nsmap=prefixes)
    header = etree.SubElement(envelope, f"{{{soap}}}Header")
    told = {"Action": action, "MessageID": message_id, "To": ANONYMOUS, "RelatesTo": relates_to}
    for name, value in told.items():
        if value is not None:
            etree.SubElement(header, f"{{{ADDRESSING}}}{name}").text = value
    return envelope


def _written(envelope: Element) -> bytes:
    return etree.tostring(envelope, encoding="UTF-8", xml_declaration=True)

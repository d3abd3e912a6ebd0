"""An envelope that asks, and what its answer says where it is a fault (XDS.md section 2)."""

from lxml import etree

from gateway.mapping.soap.answer import ANONYMOUS
from gateway.mapping.soap.message import ADDRESSING, SOAP_11, SOAP_12, FaultError, Message
from gateway.mapping.vihf.alone import SECURITY, WSSE
from gateway.mapping.xml import Element

MUST = f"{{{SOAP_12}}}mustUnderstand"
WSA = f"{{{ADDRESSING}}}"
OF_SOAP_11 = {"Client": "Sender", "Server": "Receiver"}


def write_request(
    body: Element, *, to: str, action: str, message_id: str, assertion: Element
) -> bytes:
    """SOAP 1.2; `body` and `assertion` are taken out of the trees that they stand in."""
    prefixes = {"soap": SOAP_12, "wsa": ADDRESSING, "wsse": WSSE}
    envelope = etree.Element(f"{{{SOAP_12}}}Envelope", nsmap=prefixes)
    header = etree.SubElement(envelope, f"{{{SOAP_12}}}Header")
    etree.SubElement(header, f"{WSA}MessageID").text = message_id
    etree.SubElement(header, f"{WSA}To").text = to
    reply = etree.SubElement(header, f"{WSA}ReplyTo", {MUST: "true"})
    etree.SubElement(reply, f"{WSA}Address").text = ANONYMOUS
    etree.SubElement(header, f"{WSA}Action", {MUST: "true"}).text = action
    etree.SubElement(header, SECURITY).append(assertion)
    etree.SubElement(envelope, f"{{{SOAP_12}}}Body").append(body)
    return etree.tostring(envelope, encoding="UTF-8", xml_declaration=True)


def fault_in(answer: Message) -> FaultError | None:
    """What a fault says: its code, the last word of its subcode and its reason; None where the
    answer is none."""
    body, soap = answer.body, answer.soap
    if body.tag != f"{{{soap}}}Fault":
        return None
    if soap == SOAP_11:
        code, _, subcode = _last(body.findtext("faultcode")).partition(".")
        reason = body.findtext("faultstring")
        return FaultError(OF_SOAP_11.get(code, code), _plain(reason), subcode=subcode or None)
    within = f"{{{soap}}}Code/"
    subcode = body.findtext(f"{within}{{{soap}}}Subcode/{{{soap}}}Value") or ""
    return FaultError(
        _last(body.findtext(f"{within}{{{soap}}}Value")),
        _plain(body.findtext(f"{{{soap}}}Reason/{{{soap}}}Text")),
        subcode=_last(subcode) or None,
    )


def _last(qualified: str | None) -> str:
    return (qualified or "").strip().rpartition(":")[2]


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())

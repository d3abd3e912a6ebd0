"""`output{status, context, …}`: how the services that are no HL7v3 answer, and what they are asked.

Their elements stand in the namespace of their service; children are taken in whatever one a
client writes them, for some write none.
"""

from datetime import UTC, datetime

from lxml import etree

from gateway.mapping.soap.message import FaultError
from gateway.mapping.xdm.ebrim.text import NOT_XML
from gateway.mapping.xml import Element

DONE = "DMPOk"
INPUT = "input"
"""What a client may wrap its fields in, as answers are in `output` [?]."""
XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
PERSON, STRUCTURE, PATIENT = "IDNPS", "IDNST", "NH"
"""Types of a national identifier, as XCN.13, XON.7 and CX.5 have them in France."""


def asked(body: Element, name: str) -> str | None:
    """The text of a child; None for an absent, empty or nil one. FaultError for two of them."""
    fields = [*body, *(inner for one in body if local_name(one) == INPUT for inner in one)]
    found = [one for one in fields if local_name(one) == name and one.get(XSI_NIL) != "true"]
    if len(found) > 1:
        raise FaultError("Sender", f"L'élément {name} est donné plus d'une fois.")
    text = "".join(found[0].itertext()).strip() if found else ""
    return text or None


def local_name(node: Element) -> str:
    """The name of an element without its namespace."""
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def output(operation: str, namespace: str, *, context: str = "") -> tuple[Element, Element]:
    """The answer of an operation, and its `output`, to which lines may be added."""
    answer = etree.Element(f"{{{namespace}}}{operation}Response", nsmap={None: namespace})
    made = add(answer, "output")
    add(made, "status", DONE)
    add(made, "context", context)
    return answer, made


def add(parent: Element, name: str, text: str | None = None) -> Element:
    """A child in the namespace of its parent."""
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    if text:
        child.text = plain_text(text)
    return child


def add_each(parent: Element, **texts: str | None) -> None:
    """A child for each that is known, in this order."""
    for name, text in texts.items():
        if text:
            add(parent, name, text)


def plain_text(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return NOT_XML.sub("", text)


def moment(at: datetime) -> str:
    """UTC, to the second, as HL7 writes it."""
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")

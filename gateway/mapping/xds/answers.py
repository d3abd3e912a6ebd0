"""rs:RegistryResponse: what every XDS transaction is answered with, or holds inside its answer."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from lxml import etree

from gateway.mapping.xdm.ebrim.text import NOT_XML
from gateway.mapping.xds.errors import RegistryError
from gateway.mapping.xml import Element

RS = "{urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0}"
SEVERITY = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:"
ERROR, WARNING = f"{SEVERITY}Error", f"{SEVERITY}Warning"


class Status(StrEnum):
    """RegistryResponse/@status (XDS.md section 9); IHE alone knows the third."""

    SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
    FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
    PARTIAL = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"


def registry_response(status: Status, errors: Sequence[RegistryError] = ()) -> Element:
    """`errors` in their order, warnings among them; no list where there is none."""
    root = etree.Element(f"{RS}RegistryResponse", nsmap={"rs": RS[1:-1]})
    root.set("status", status)
    if errors:
        root.append(error_list(errors))
    return root


def error_list(errors: Sequence[RegistryError]) -> Element:
    """rs:RegistryErrorList; its own severity is the highest inside (ebRS 3.0, 2.1.4)."""
    listed = etree.Element(f"{RS}RegistryErrorList", nsmap={"rs": RS[1:-1]})
    is_worse = any(not one.is_warning for one in errors)
    listed.set("highestSeverity", ERROR if is_worse else WARNING)
    for one in errors:
        told = etree.SubElement(listed, f"{RS}RegistryError")
        told.set("errorCode", NOT_XML.sub("", one.code))
        told.set("codeContext", NOT_XML.sub("", one.context))
        told.set("location", NOT_XML.sub("", one.location))
        told.set("severity", WARNING if one.is_warning else ERROR)
    return listed


def error_lines(answer: Element) -> Iterator[str]:
    """What an answer of any XDS transaction lists, in its order: "error CODE at PLACE: …"."""
    for one in answer.iter(f"{RS}RegistryError"):
        kind = one.get("severity", "").rpartition(":")[2].lower() or "error"
        where = f" at {one.get('location')}" if one.get("location") else ""
        yield f"{kind} {one.get('errorCode')}{where}: {one.get('codeContext')}"


def error_codes(answer: Element) -> list[str]:
    """errorCode of what is no mere warning, in its order, each once."""
    errors = (one for one in answer.iter(f"{RS}RegistryError") if one.get("severity") != WARNING)
    return list(dict.fromkeys(one.get("errorCode", "") for one in errors))


def status_in(answer: Element) -> str:
    """The last word of the status: Success, Failure or PartialSuccess; "" for no such answer."""
    response = answer if "status" in answer.attrib else answer.find(f"{RS}RegistryResponse")
    return (response.get("status", "") if response is not None else "").rpartition(":")[2]

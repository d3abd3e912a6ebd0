"""Code systems and names of the codes of a document, for METADATA.XML: its own words first.

A record keeps codes alone. A CDA tells the system and the French name of each in its header; the
tables of the value sets tell those that a document leaves out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from gateway.mapping.cda import clinical_document
from gateway.mapping.cda.nodes import V3
from gateway.mapping.files.enclosed import begins_xml
from gateway.mapping.labels import class_display_of
from gateway.mapping.tables import rows
from gateway.mapping.xml import MAX_DOCUMENT_BYTES, Element, XmlRefusedError

BODY = V3 + "component"
LOINC, CCAM, CIM10 = "2.16.840.1.113883.6.1", "1.2.250.1.213.2.5", "2.16.840.1.113883.6.3"
SHAPES = (
    (re.compile(r"\d{1,6}-\d", re.ASCII), LOINC),
    (re.compile(r"[A-Z]{4}\d{3}", re.ASCII), CCAM),
    (re.compile(r"[A-Z]\d\d(\.\d+)?", re.ASCII), CIM10),
)
HL7_CONFIDENTIALITY, VISIBILITY = "2.16.840.1.113883.5.25", "1.2.250.1.213.1.1.4.13"
CLASSES = "1.2.250.1.213.1.1.4.1"
FORMATS = "1.2.250.1.213.1.1.4.2.282"
SECTORS, SPECIALTIES = "1.2.250.1.71.4.2.4", "1.2.250.1.213.1.1.4.5"
CONFIDENTIALITY = {
    "N": "Normal",
    "R": "Restreint",
    "V": "Très restreint",
    "MASQUE_PS": "Masqué aux professionnels de santé",
    "INVISIBLE_PATIENT": "Non visible par le patient",
    "INVISIBLE_REPRESENTANTS_LEGAUX": "Non visible par les représentants légaux du patient",
}
SIGNATURE_CLASS = "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1"
SIGNATURE_FORMAT = "http://www.w3.org/2000/09/xmldsig#"
SIGNATURE_PURPOSE = "1.2.840.10065.1.12.1.14"
_SETTINGS = {row["code"]: (row["system"], row["display"]) for row in rows("practice_settings")}


class Shown(NamedTuple):
    """The OID of a code system and the name of a code in it; None where nobody tells."""

    system: str | None
    name: str | None


OF_SIGNATURES = {
    SIGNATURE_CLASS: Shown("URN", "Digital Signature"),
    SIGNATURE_FORMAT: Shown("URN", "Default Signature Style"),
    SIGNATURE_PURPOSE: Shown("1.2.840.10065.1.12", "Source"),
}
"""Codes of the entry that signs a lot (XDS.md section 4)."""
Told = Mapping[str, Shown]
NOTHING_TOLD: Told = MappingProxyType({})


def told_in(body: bytes) -> Told:
    """Code -> what the header of this CDA says of it; nothing for a body that is no CDA."""
    if not begins_xml(body):
        return {}
    try:
        root = clinical_document(body, max_bytes=MAX_DOCUMENT_BYTES)
    except XmlRefusedError:
        return {}
    found: dict[str, Shown] = {}
    for node in _header(root):
        code, system = node.get("code"), node.get("codeSystem")
        if code and system:
            found.setdefault(code, Shown(system, node.get("displayName")))
    return found


def is_untold(event_codes: Iterable[str]) -> bool:
    """Whether the system of one of these codes is nowhere but in the document."""
    return any(_usual("eventCodeList", code).system is None for code in event_codes)


def _header(root: Element) -> Iterator[Element]:
    for child in root:
        if child.tag != BODY:
            yield from child.iter()


def shown(kind: str, code: str, told: Told) -> Shown:
    """System and name of a code of that XDS attribute."""
    if code in OF_SIGNATURES:
        return OF_SIGNATURES[code]
    known = told.get(code, Shown(None, None))
    usual = _usual(kind, code)
    if kind in ("classCode", "formatCode"):  # no such codes in a CDA header
        return usual
    return Shown(known.system or usual.system, known.name or usual.name)


def _usual(kind: str, code: str) -> Shown:
    match kind:
        case "classCode":
            return Shown(CLASSES, class_display_of(code))
        case "formatCode":
            return Shown(FORMATS, None)
        case "confidentialityCode":
            system = HL7_CONFIDENTIALITY if len(code) == 1 else VISIBILITY
            return Shown(system, CONFIDENTIALITY.get(code))
        case "practiceSettingCode":
            return Shown(*_SETTINGS.get(code, (None, None)))
        case "healthcareFacilityTypeCode":
            return Shown(SECTORS, None)
        case "specialty":
            return Shown(SPECIALTIES, None)
        case _:
            return Shown(next((oid for shape, oid in SHAPES if shape.fullmatch(code)), None), None)

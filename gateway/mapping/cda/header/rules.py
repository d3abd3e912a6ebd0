"""Header rules H01 to H23 of the French profile (CDA.md section 2).

A broken rule of level E is an error, of level W a warning. The traits of the patient (H15 and
what CONTRACT holds instead of refusing) are `gateway.mapping.identity`'s.
"""

import re
from collections.abc import Iterator

from gateway.mapping.cda.header import parties
from gateway.mapping.cda.header.doubts import doubts
from gateway.mapping.cda.header.parties import Broken
from gateway.mapping.cda.nodes import attribute, every, first, identifier, text_of
from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.tables import rows
from gateway.mapping.xml import Element
from gateway.records.intake.finding import Finding, Severity

HL7_FRANCE, MINIMAL = "2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1"
SCANNED = "1.3.6.1.4.1.19376.1.2.20"
CONFIDENTIALITY = frozenset({"N", "R", "V"})
PRACTICE_SETTINGS = frozenset(row["code"] for row in rows("practice_settings"))

_LANGUAGE = re.compile(r"[a-z]{2}-[A-Z]{2}")
_OID_OR_UUID = re.compile(
    r"[0-9]+(?:\.[0-9]+)+|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
_FACILITY = re.compile(r"EXP_PATIENT|SNR|SA[0-9]{2}")
_INTEGER = re.compile(r"[0-9]{1,9}")


def header_findings(root: Element, *, strict: bool = False) -> list[Finding]:
    """Every broken rule, in the order of the rules, once for each place however many break it
    there; `strict` makes errors of the doubts too."""
    broken = dict.fromkeys(found for check in _CHECKS for found in check(root))
    doubted = dict.fromkeys(doubts(root))
    level = Severity.ERROR if strict else Severity.WARNING
    return [
        *(_finding(*one, Severity.ERROR) for one in broken),
        *(_finding(*one, level) for one in doubted),
    ]


def _finding(number: str, path: str, message: str, severity: Severity) -> Finding:
    return Finding(
        code=f"cda-{number}",
        severity=severity,
        where=f"/ClinicalDocument/{path}",
        message=message,
        condition=102,
    )


def _single(root: Element, path: str, name: str) -> str | None:
    """The attribute of the only element at `path`; None when it is absent or repeated."""
    nodes = every(root, path)
    return attribute(nodes[0], name) if len(nodes) == 1 else None


def _conformance(root: Element) -> Iterator[Broken]:
    if _single(root, "realmCode", "code") != "FR":
        yield "h01", "realmCode", "Declare the realm FR, once."
    types = every(root, "typeId")
    declared = [(node.get("root"), node.get("extension")) for node in types]
    if declared != [("2.16.840.1.113883.1.3", "POCD_HD000040")]:
        yield "h02", "typeId", "Declare the type POCD_HD000040 of HL7, once."
    templates = [node.get("root") for node in every(root, "templateId")]
    for number, template in (("h03", HL7_FRANCE), ("h04", MINIMAL)):
        if templates.count(template) != 1:
            yield number, "templateId", f"Declare the template {template}, once."
    others = [one for one in templates if one not in (HL7_FRANCE, MINIMAL)]
    level_one = first(root, "component/nonXMLBody") is not None
    if not others or (level_one and others != [SCANNED]):
        wanted = f"exactly {SCANNED}" if level_one else "one of the models"
        yield "h05", "templateId", f"Declare the model of the document: {wanted}."


def _naming(root: Element) -> Iterator[Broken]:
    identifier = _single(root, "id", "root")
    if identifier is None or not _OID_OR_UUID.fullmatch(identifier):
        yield "h06", "id", "Give the document one id whose root is an OID or a UUID."
    codes = every(root, "code")
    if len(codes) != 1 or not (attribute(codes[0], "code") and attribute(codes[0], "codeSystem")):
        yield "h07", "code", "Give the type of the document once: code and codeSystem."
    titles = every(root, "title")
    if len(titles) != 1 or not text_of(titles[0]) or titles[0].get("nullFlavor"):
        yield "h08", "title", "Give the document one title."
    if iso_of(_single(root, "effectiveTime", "value")) is None:
        yield "h09", "effectiveTime", "Give the creation time, as yyyymmddhhmmss+hhmm."
    masked = _single(root, "confidentialityCode", "nullFlavor")
    if masked or _single(root, "confidentialityCode", "code") not in CONFIDENTIALITY:
        yield "h10", "confidentialityCode", "Give one confidentiality: N, R or V."


def _versioning(root: Element) -> Iterator[Broken]:
    if not _LANGUAGE.fullmatch(_single(root, "languageCode", "code") or ""):
        yield "h11", "languageCode", "Give the language, such as fr-FR."
    if not _single(root, "setId", "root"):
        yield "h12", "setId", "Give the set of versions one setId with a root."
    if not _INTEGER.fullmatch(_single(root, "versionNumber", "value") or ""):
        yield "h12", "versionNumber", "Give one version number, a whole number."


def _act(root: Element) -> Iterator[Broken]:
    event = first(root, "documentationOf/serviceEvent")
    performers = [node for node in every(event, "performer") if node.get("typeCode") == "PRF"]
    if len(performers) != 1 or iso_of(attribute(event, "value", "effectiveTime/low")) is None:
        yield (
            "h19",
            "documentationOf/serviceEvent",
            ("Document the act: one performer PRF and the start of its time."),
        )
    setting = attribute(
        performers[0] if performers else None,
        "code",
        "assignedEntity/representedOrganization/standardIndustryClassCode",
    )
    if setting not in PRACTICE_SETTINGS:
        yield (
            "h19",
            "documentationOf/serviceEvent/performer",
            ("Give the practice setting of the performer's organisation (JDV_J04)."),
        )
    encounters = every(root, "componentOf/encompassingEncounter")
    encounter = encounters[0] if len(encounters) == 1 else None
    facility = attribute(encounter, "code", "location/healthCareFacility/code")
    if first(encounter, "effectiveTime") is None or not _FACILITY.fullmatch(facility or ""):
        yield (
            "h20",
            "componentOf/encompassingEncounter",
            ("Give one encounter with its time and the type of its facility (JDV_J02)."),
        )


def _structure(root: Element) -> Iterator[Broken]:
    replaced = [node for node in every(root, "relatedDocument") if node.get("typeCode") == "RPLC"]
    parents = [node for one in replaced for node in every(one, "parentDocument/id")]
    if len(replaced) > 1 or (replaced and (len(parents) != 1 or not parents[0].get("root"))):
        yield "h21", "relatedDocument", "Replace at most one document, by the root of its id."
    elif parents and identifier(parents[0]) == identifier(first(root, "id")):
        yield "h21", "relatedDocument", "A document cannot replace itself: give it a new id."
    if len(every(root, "component")) != 1:
        yield "h22", "component", "Give the document exactly one body."


_CHECKS: tuple[parties.Check, ...] = (
    _conformance,
    _naming,
    _versioning,
    parties.patient,
    parties.authors,
    parties.responsible,
    _act,
    _structure,
)

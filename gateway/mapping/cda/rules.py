"""Header rules H01 to H23 of the French profile (CDA.md section 2).

A broken rule of level E is an error, of level W a warning. The traits of the patient (H15 and
what CONTRACT holds instead of refusing) are `gateway.mapping.identity`'s.
"""

import re
from collections.abc import Callable, Iterator

from gateway.mapping.cda.nodes import attribute, every, first, text_of
from gateway.mapping.identity import ALL_INS_OIDS
from gateway.mapping.labels import type_known
from gateway.mapping.tables import rows
from gateway.mapping.xml import Element
from gateway.records.finding import Finding, Severity

HL7_FRANCE, MINIMAL = "2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1"
SCANNED = "1.3.6.1.4.1.19376.1.2.20"
STRUCTURES, DMP_HOST = "1.2.250.1.71.4.2.2", "1.2.250.1.213.4.1"
CONFIDENTIALITY = frozenset({"N", "R", "V"})
SEXES = frozenset({"M", "F", "UN"})
TELECOM_NULLS = frozenset({"UNK", "NASK", "ASKU", "NAV", "MSK"})
PRACTICE_SETTINGS = frozenset(row["code"] for row in rows("practice_settings"))

_STAMP = re.compile(r"[0-9]{4,14}([+-][0-9]{4})?")
_LANGUAGE = re.compile(r"[a-z]{2}-[A-Z]{2}")
_OID_OR_UUID = re.compile(
    r"[0-9]+(?:\.[0-9]+)+|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
_FACILITY = re.compile(r"EXP_PATIENT|SNR|SA[0-9]{2}")
_TELECOM = re.compile(r"(?:tel|fax|mailto|http|https|ftp|mllp):.+", re.DOTALL)
_INTEGER = re.compile(r"[0-9]{1,9}")

Broken = tuple[str, str, str]
"""Rule number, path under ClinicalDocument, what to fix."""


def header_findings(root: Element, *, strict: bool = False) -> list[Finding]:
    """Every broken rule, in the order of the rules; `strict` makes errors of the doubts too."""
    findings = [
        _finding(number, path, message, Severity.ERROR)
        for check in _CHECKS
        for number, path, message in check(root)
    ]
    findings.extend(
        _finding(number, path, message, Severity.ERROR if strict else Severity.WARNING)
        for number, path, message in _doubts(root)
    )
    return findings


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
    code = first(root, "code")
    if not (attribute(code, "code") and attribute(code, "codeSystem")):
        yield "h07", "code", "Give the type of the document: code and codeSystem."
    if len(every(root, "title")) != 1 or not text_of(root, "title"):
        yield "h08", "title", "Give the document one title."
    if not _STAMP.fullmatch(attribute(root, "value", "effectiveTime") or ""):
        yield "h09", "effectiveTime", "Give the creation time, as yyyymmddhhmmss+hhmm."
    if _single(root, "confidentialityCode", "code") not in CONFIDENTIALITY:
        yield "h10", "confidentialityCode", "Give one confidentiality: N, R or V."


def _versioning(root: Element) -> Iterator[Broken]:
    if not _LANGUAGE.fullmatch(_single(root, "languageCode", "code") or ""):
        yield "h11", "languageCode", "Give the language, such as fr-FR."
    if not _single(root, "setId", "root"):
        yield "h12", "setId", "Give the set of versions one setId with a root."
    if not _INTEGER.fullmatch(_single(root, "versionNumber", "value") or ""):
        yield "h12", "versionNumber", "Give one version number, a whole number."


def _patient(root: Element) -> Iterator[Broken]:
    roles = every(root, "recordTarget/patientRole")
    if len(every(root, "recordTarget")) != 1 or len(roles) != 1:
        yield "h13", "recordTarget", "Name exactly one patient."
        return
    ids = every(roles[0], "id")
    if not ids or not all(node.get("root") and node.get("extension") for node in ids):
        yield "h13", "recordTarget/patientRole/id", "Give every patient id a root and an extension."
    patients = every(roles[0], "patient")
    if len(patients) != 1 or len(every(patients[0], "name")) != 1:
        yield "h14", "recordTarget/patientRole/patient/name", "Give the patient one name."
        return
    name = patients[0]
    families, givens = every(name, "name/family"), every(name, "name/given")
    if any(node.get("qualifier") not in ("BR", "CL") for node in families):
        yield (
            "h14",
            "recordTarget/patientRole/patient/name/family",
            ("Qualify every family name as BR (birth) or CL (used)."),
        )
    if any(node.get("qualifier") not in (None, "BR", "CL") for node in givens):
        yield (
            "h14",
            "recordTarget/patientRole/patient/name/given",
            ("Qualify given names as BR or CL, or leave the qualifier out."),
        )
    sex = attribute(name, "code", "administrativeGenderCode")
    if sex and sex not in SEXES:
        yield (
            "h14",
            "recordTarget/patientRole/patient/administrativeGenderCode",
            ("Give the sex as M, F or UN."),
        )


def _authors(root: Element) -> Iterator[Broken]:
    authors = every(root, "author")
    if not authors:
        yield "h16", "author", "Name the author."
    for node in authors:
        assigned = first(node, "assignedAuthor")
        device = first(assigned, "assignedAuthoringDevice")
        if not attribute(node, "value", "time"):
            yield "h16", "author/time", "Give the time of the author's contribution."
        if not (attribute(assigned, "root", "id") and attribute(assigned, "extension", "id")):
            yield "h16", "author/assignedAuthor/id", "Give the author's id: root and extension."
        if device is not None and first(assigned, "assignedPerson") is not None:
            yield "h16", "author/assignedAuthor", "The author is a person or a device, not both."
        if device is not None and not (
            text_of(device, "manufacturerModelName") and text_of(device, "softwareName")
        ):
            yield (
                "h16",
                "author/assignedAuthor/assignedAuthoringDevice",
                ("Give the device's model name and software name."),
            )


def _responsible(root: Element) -> Iterator[Broken]:
    path = "custodian/assignedCustodian/representedCustodianOrganization"
    custodians = every(root, f"{path}/id")
    if len(custodians) != 1 or custodians[0].get("root") not in (STRUCTURES, DMP_HOST):
        yield "h17", f"{path}/id", "Name one custodian by its structure identifier."
    signers = [
        node
        for node in every(root, "legalAuthenticator")
        if attribute(node, "code", "signatureCode") == "S"
    ]
    complete = (
        len(signers) == 1
        and attribute(signers[0], "value", "time")
        and attribute(signers[0], "root", "assignedEntity/id")
        and attribute(signers[0], "extension", "assignedEntity/id")
        and text_of(signers[0], "assignedEntity/assignedPerson/name/family")
    )
    if not complete:
        yield (
            "h18",
            "legalAuthenticator",
            ("Name one legal authenticator with signatureCode S, time, id and family name."),
        )


def _act(root: Element) -> Iterator[Broken]:
    event = first(root, "documentationOf/serviceEvent")
    performers = [node for node in every(event, "performer") if node.get("typeCode") == "PRF"]
    if len(performers) != 1 or not attribute(event, "value", "effectiveTime/low"):
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
    if len(every(root, "component")) != 1:
        yield "h22", "component", "Give the document exactly one body."


def _doubts(root: Element) -> Iterator[Broken]:
    """What is accepted and flagged: H07 unknown type, H15 given names, H23 telecoms."""
    type_code = attribute(root, "code", "code")
    if type_code and not type_known(type_code):
        yield "h07", "code", "The type is not in JDV_J07: filed under other documents."
    if attribute(root, "code", "code") and not attribute(root, "displayName", "code"):
        yield "h07", "code", "Give the displayName of the type."
    role = first(root, "recordTarget/patientRole")
    has_ins = any(node.get("root") in ALL_INS_OIDS for node in every(role, "id"))
    givens = every(role, "patient/name/given")
    if has_ins and all(node.get("qualifier") for node in givens):
        yield (
            "h15",
            "recordTarget/patientRole/patient/name/given",
            ("Give the list of birth given names, without a qualifier."),
        )
    if not all(map(_telecom_ok, _telecoms(root))):
        yield (
            "h23",
            "telecom",
            "Write telecoms as prefix:value (tel, fax, mailto, http, ftp, mllp).",
        )


def _telecoms(root: Element) -> Iterator[Element]:
    for child in root:
        if not str(child.tag).endswith("}component"):
            yield from child.iter("{urn:hl7-org:v3}telecom")


def _telecom_ok(node: Element) -> bool:
    value = attribute(node, "value")
    if value is None:
        return (node.get("nullFlavor") or "") in TELECOM_NULLS
    return _TELECOM.fullmatch(value) is not None


_CHECKS: tuple[Callable[[Element], Iterator[Broken]], ...] = (
    _conformance,
    _naming,
    _versioning,
    _patient,
    _authors,
    _responsible,
    _act,
    _structure,
)

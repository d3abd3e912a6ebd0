"""Header rules H13 to H18: the patient, the authors, custodian and legal authenticator."""

from collections.abc import Callable, Iterator

from gateway.mapping.cda.header.people import STRUCTURES, id_of_person
from gateway.mapping.cda.nodes import attribute, every, first, text_of
from gateway.mapping.xml import Element

DMP_HOST = "1.2.250.1.213.4.1"
SEXES = frozenset({"M", "F", "UN"})
PATIENT = "recordTarget/patientRole/patient"
CUSTODIAN = "custodian/assignedCustodian/representedCustodianOrganization"

Broken = tuple[str, str, str]
"""Rule number, path under ClinicalDocument, what to fix."""

Check = Callable[[Element], Iterator[Broken]]


def patient(root: Element) -> Iterator[Broken]:
    """H13 and H14; a missing trait is no broken rule here, the document waits (CONTRACT 2)."""
    roles = every(root, "recordTarget/patientRole")
    if len(every(root, "recordTarget")) != 1 or len(roles) != 1:
        yield "h13", "recordTarget", "Name exactly one patient."
        return
    ids = every(roles[0], "id")
    if not ids or not all(node.get("root") and node.get("extension") for node in ids):
        yield "h13", "recordTarget/patientRole/id", "Give every patient id a root and an extension."
    patients = every(roles[0], "patient")
    if len(patients) != 1 or len(every(patients[0], "name")) != 1:
        yield "h14", f"{PATIENT}/name", "Give the patient one name."
        return
    yield from _names(patients[0])
    yield from _birth_and_sex(patients[0])


def _names(node: Element) -> Iterator[Broken]:
    families = [one.get("qualifier") for one in every(node, "name/family")]
    givens = [one.get("qualifier") for one in every(node, "name/given")]
    if any(qualifier not in ("BR", "CL") for qualifier in families):
        message = "Qualify every family name as BR (birth) or CL (used)."
        yield "h14", f"{PATIENT}/name/family", message
    if any(qualifier not in (None, "BR", "CL") for qualifier in givens):
        message = "Qualify given names as BR or CL, or leave the qualifier out."
        yield "h14", f"{PATIENT}/name/given", message
    if families.count("BR") > 1 or givens.count("BR") > 1:
        message = "Give one birth name and one first given name (qualifier BR), not several."
        yield "h14", f"{PATIENT}/name", message


def _birth_and_sex(node: Element) -> Iterator[Broken]:
    for name in ("administrativeGenderCode", "birthTime", "birthplace"):
        if len(every(node, name)) > 1:
            yield "h14", f"{PATIENT}/{name}", f"Give {name} once."
    sex = attribute(node, "code", "administrativeGenderCode")
    if sex and sex not in SEXES:
        yield "h14", f"{PATIENT}/administrativeGenderCode", "Give the sex as M, F or UN."


def authors(root: Element) -> Iterator[Broken]:
    """H16."""
    found = every(root, "author")
    if not found:
        yield "h16", "author", "Name the author."
    for node in found:
        assigned = first(node, "assignedAuthor")
        device = first(assigned, "assignedAuthoringDevice")
        if not attribute(node, "value", "time"):
            yield "h16", "author/time", "Give the time of the author's contribution."
        if not _identified(assigned):
            yield "h16", "author/assignedAuthor/id", "Give the author's id: root and extension."
        if device is not None and first(assigned, "assignedPerson") is not None:
            yield "h16", "author/assignedAuthor", "The author is a person or a device, not both."
        if device is not None and not (
            text_of(device, "manufacturerModelName") and text_of(device, "softwareName")
        ):
            path = "author/assignedAuthor/assignedAuthoringDevice"
            yield "h16", path, "Give the device's model name and software name."


def responsible(root: Element) -> Iterator[Broken]:
    """H17 and H18."""
    custodians = every(root, f"{CUSTODIAN}/id")
    if len(custodians) != 1 or custodians[0].get("root") not in (STRUCTURES, DMP_HOST):
        yield "h17", f"{CUSTODIAN}/id", "Name one custodian by its structure identifier."
    signers = [
        node
        for node in every(root, "legalAuthenticator")
        if attribute(node, "code", "signatureCode") == "S"
    ]
    complete = (
        len(signers) == 1
        and attribute(signers[0], "value", "time")
        and _identified(first(signers[0], "assignedEntity"))
        and text_of(signers[0], "assignedEntity/assignedPerson/name/family")
    )
    if not complete:
        message = "Name one legal authenticator with signatureCode S, time, id and family name."
        yield "h18", "legalAuthenticator", message


def _identified(person: Element | None) -> bool:
    """By one of the ids at least, which is the one that is read."""
    own = id_of_person(person)
    return bool(attribute(own, "root") and attribute(own, "extension"))

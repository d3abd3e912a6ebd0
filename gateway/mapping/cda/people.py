"""The people of a CDA header: patient, authors, custodian, legal authenticator."""

from gateway.mapping.cda.nodes import V3, attribute, every, first, identifier, text_of
from gateway.mapping.identity import ALL_INS_OIDS
from gateway.mapping.times import date_of
from gateway.mapping.xml import Element
from gateway.records.document import Author, Custodian, LegalAuthenticator
from gateway.records.patient import PatientIdentity


def patient_of(document: Element) -> PatientIdentity:
    """The first recordTarget; its INS is the first id under one of the four INS OIDs."""
    role = first(document, "recordTarget/patientRole")
    ids = every(role, "id")
    own = next((node for node in ids if node.get("root") in ALL_INS_OIDS), None)
    others = [other for node in ids if node is not own and (other := identifier(node))]
    patient = first(role, "patient")
    name = first(patient, "name")
    births = date_of(attribute(patient, "value", "birthTime"))
    sex = attribute(patient, "code", "administrativeGenderCode")
    place = text_of(patient, "birthplace/place/addr/county")
    family, given = _qualified(name, "family", "BR"), _qualified(name, "given", "BR")
    givens = _qualified(name, "given", None)
    return PatientIdentity(
        ins=attribute(own, "extension"),
        ins_oid=attribute(own, "root"),
        other_ids=tuple(others),
        birth_family=family,
        birth_given=given,
        birth_givens=givens,
        used_family=_qualified(name, "family", "CL"),
        used_given=_qualified(name, "given", "CL"),
        birth_date=births,
        sex=sex,
        birth_place=place,
        traits_complete=all((family, given, givens, births, sex, place)),
    )


def _qualified(name: Element | None, part: str, qualifier: str | None) -> str | None:
    for node in () if name is None else name.iterchildren(V3 + part):
        if node.get("qualifier") == qualifier:
            return text_of(node)
    return None


def authors_of(document: Element) -> tuple[Author, ...]:
    return tuple(_author(node) for node in every(document, "author"))


def _author(node: Element) -> Author:
    assigned = first(node, "assignedAuthor")
    device = first(assigned, "assignedAuthoringDevice")
    organization = first(assigned, "representedOrganization")
    root = attribute(assigned, "root", "id")
    name = first(assigned, "assignedPerson/name")
    person = first(assigned, "assignedPerson")
    if device is not None:
        kind = "device"
        family, given = text_of(device, "softwareName"), text_of(device, "manufacturerModelName")
    else:
        kind = _kind(person, root)
        family, given = text_of(name, "family"), text_of(name, "given")
    return Author(
        kind=kind,
        id=attribute(assigned, "extension", "id"),
        id_system=root,
        family=family,
        given=given,
        specialty=attribute(assigned, "code", "code"),
        role=attribute(node, "displayName", "functionCode"),
        organization_id=attribute(organization, "extension", "id"),
        organization_name=text_of(organization, "name"),
    )


def _kind(person: Element | None, root: str | None) -> str:
    if root in ALL_INS_OIDS:
        return "patient"
    return "organization" if person is None else "person"


def custodian_of(document: Element) -> Custodian | None:
    organization = first(document, "custodian/assignedCustodian/representedCustodianOrganization")
    if organization is None:
        return None
    return Custodian(
        id=attribute(organization, "extension", "id"),
        id_system=attribute(organization, "root", "id"),
        name=text_of(organization, "name"),
    )


def legal_authenticator_of(document: Element) -> LegalAuthenticator | None:
    entity = first(document, "legalAuthenticator/assignedEntity")
    if entity is None:
        return None
    name = first(entity, "assignedPerson/name")
    return LegalAuthenticator(
        id=attribute(entity, "extension", "id"),
        family=text_of(name, "family"),
        given=text_of(name, "given"),
    )

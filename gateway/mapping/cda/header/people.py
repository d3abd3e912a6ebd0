"""The people of a CDA header: patient, authors, custodian, legal authenticator."""

from gateway.mapping.cda.nodes import V3, attribute, every, first, identifier, text_of
from gateway.mapping.datatypes.times import date_of
from gateway.mapping.identity import ALL_INS_OIDS
from gateway.mapping.xml import Element
from gateway.records.documents.document import Author, Custodian, LegalAuthenticator
from gateway.records.patients.patient import PatientIdentity

PERSONS, STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
OF_PERSONS, OF_STRUCTURES = ALL_INS_OIDS | {PERSONS}, frozenset({STRUCTURES})


def patient_of(document: Element) -> PatientIdentity:
    """The first recordTarget; its INS is the first id under one of the four INS OIDs."""
    role = first(document, "recordTarget/patientRole")
    ids = every(role, "id")
    own = next((node for node in ids if node.get("root") in ALL_INS_OIDS), None)
    known = identifier(own)
    others = [other for node in ids if (other := identifier(node)) and other != known]
    patient = first(role, "patient")
    name = first(patient, "name")
    births = date_of(attribute(patient, "value", "birthTime"))
    sex = attribute(patient, "code", "administrativeGenderCode")
    place = text_of(patient, "birthplace/place/addr/county")
    family, given = _qualified(name, "family", "BR"), _qualified(name, "given", "BR")
    givens = _every_given(name)
    return PatientIdentity(
        ins=_as_written(own),
        ins_oid=attribute(own, "root"),
        other_ids=tuple(dict.fromkeys(others)),
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


def _as_written(own: Element | None) -> str | None:
    """A blank beside an INS is not read over: it makes another one of it (ins-malformed)."""
    value = None if own is None else own.get("extension")
    return value if value and value.strip() else None


def _qualified(name: Element | None, part: str, qualifier: str | None) -> str | None:
    for node in () if name is None else name.iterchildren(V3 + part):
        if node.get("qualifier") == qualifier:
            return text_of(node)
    return None


def _every_given(name: Element | None) -> str | None:
    """The birth given names: one element by the French profile, joined where there are several."""
    parts = () if name is None else name.iterchildren(V3 + "given")
    found = [text for node in parts if not node.get("qualifier") and (text := text_of(node))]
    return " ".join(found) or None


def several_ins(document: Element) -> bool:
    """Whether the patient bears two different INS: which one is right is not ours to guess."""
    ids = every(document, "recordTarget/patientRole/id")
    found = {node.get("extension") for node in ids if node.get("root") in ALL_INS_OIDS}
    return len(found) > 1


def authors_of(document: Element) -> tuple[Author, ...]:
    return tuple(_author(node) for node in every(document, "author"))


def _author(node: Element) -> Author:
    assigned = first(node, "assignedAuthor")
    device = first(assigned, "assignedAuthoringDevice")
    organization = first(assigned, "representedOrganization")
    own = id_of_person(assigned)
    root = attribute(own, "root")
    name = first(assigned, "assignedPerson/name")
    person = first(assigned, "assignedPerson")
    if device is not None:
        kind = "device"
        family, given = text_of(device, "softwareName"), text_of(device, "manufacturerModelName")
    else:
        kind = _kind(person, root)
        organization = None if kind == "patient" else organization
        family, given = text_of(name, "family"), text_of(name, "given")
    return Author(
        kind=kind,
        id=attribute(own, "extension"),
        id_system=root,
        family=family,
        given=given,
        specialty=attribute(assigned, "code", "code"),
        role=attribute(node, "displayName", "functionCode"),
        organization_id=attribute(_id_under(OF_STRUCTURES, organization), "extension"),
        organization_name=text_of(organization, "name"),
    )


def id_of_person(assigned: Element | None) -> Element | None:
    """The national id (PS_IdNat) or the INS where there are several, else the first."""
    return _id_under(OF_PERSONS, assigned)


def _id_under(roots: frozenset[str], node: Element | None) -> Element | None:
    """The id of `node` under one of `roots`, else its first; those without extension last."""
    ids = every(node, "id")
    told = [one for one in ids if attribute(one, "extension")] or ids
    national = (one for one in told if one.get("root") in roots)
    return next(national, told[0] if told else None)


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
    """Who signed (signatureCode S), else the first of those named (H18)."""
    named = every(document, "legalAuthenticator")
    signed = [one for one in named if attribute(one, "code", "signatureCode") == "S"]
    entity = first(next(iter([*signed, *named]), None), "assignedEntity")
    if entity is None:
        return None
    name = first(entity, "assignedPerson/name")
    return LegalAuthenticator(
        id=attribute(id_of_person(entity), "extension"),
        family=text_of(name, "family"),
        given=text_of(name, "given"),
    )

"""Patients, authors and organisations of FHIR as records (FHIR.md section 3, FrCore)."""

from collections.abc import Iterator
from dataclasses import replace

from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import Room, is_logical, kind_named
from gateway.mapping.fhir.values import (
    OID_URN,
    codings,
    extension,
    first_coding,
    obj,
    objs,
    system_oid,
    text,
    texts,
    utc,
)
from gateway.mapping.identity import ALL_INS_OIDS, in_capitals
from gateway.mapping.tables import rows
from gateway.records.documents.document import Author, Custodian, LegalAuthenticator
from gateway.records.patients.patient import PatientIdentity

PERSONS, STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
REGISTERS = {
    "https://rpps.esante.gouv.fr": ("8", 11),
    "http://rpps.fr": ("8", 11),
    "https://adeli.esante.gouv.fr": ("0", 9),
    "http://adeli.fr": ("0", 9),
}
"""FrCore, today's system of each register and that of its first versions: the digit that makes its
number a PS_IdNat, and the characters that the number has without it."""
PHYSICIAN = "G15_10"
KNOWN_SPECIALTIES = frozenset(row["code"] for row in rows("author_specialties"))
"""JDV_J01."""
SEXES = {"male": "M", "female": "F", "other": "UN", "unknown": "UN"}


def identity_of(*patients: Json) -> PatientIdentity:
    """One identity from the subject and the sourcePatientInfo: the first that says a thing.

    An identifier of use `old` says nothing any more.
    """
    ids = [one for patient in patients for one in _in_use(patient)]
    ins = next((one for one in ids if _is_ins(one)), {})
    told = [patient for patient in patients if patient.get("name") or patient.get("birthDate")]
    described: Json = told[0] if told else {}
    official, usual = _name(described, "official"), _name(described, "usual")
    given = texts(official.get("given"))
    listed = text(extension(official, "fr-core-birth-list-given-name"), "valueString")
    identity = PatientIdentity(
        ins=_written(ins, "value"),
        ins_oid=_oid(ins) if ins else None,
        other_ids=tuple(dict.fromkeys(_local_ids(ids))),
        birth_family=text(official, "family"),
        birth_given=given[0] if given else None,
        birth_givens=listed or " ".join(given) or None,
        used_family=text(usual, "family"),
        used_given=next(iter(texts(usual.get("given"))), None),
        birth_date=utc(described.get("birthDate")),
        sex=SEXES.get(text(described, "gender") or ""),
        birth_place=_birth_place(described),
    )
    needed = (identity.ins, identity.birth_family, identity.birth_given, identity.birth_givens)
    whole = all((*needed, identity.birth_date, identity.sex, identity.birth_place))
    return replace(identity, traits_complete=whole)


def every_ins(patient: Json) -> frozenset[tuple[str | None, str | None]]:
    """OID and value of each INS that the patient bears."""
    return frozenset(
        (_oid(one), _written(one, "value")) for one in _in_use(patient) if _is_ins(one)
    )


def _in_use(patient: Json) -> Iterator[Json]:
    return (one for one in objs(patient, "identifier") if one.get("use") != "old")


def _is_ins(identifier: Json) -> bool:
    return _oid(identifier) in ALL_INS_OIDS and _written(identifier, "value") is not None


def _written(identifier: Json, name: str) -> str | None:
    """As it came: a blank beside an INS or its OID makes another one of it, or none."""
    value = identifier.get(name)
    return value if isinstance(value, str) and value.strip() else None


def identity_status(*patients: Json) -> str | None:
    """FrCore identity reliability of the first patient that says it: VALI, PROV, VIDE…"""
    for patient in patients:
        for url in ("fr-core-identity-reliability", "fr-core-patient-ident-reliability"):
            found = extension(extension(patient, url), "identityStatus")
            if code := text(found, "valueCoding", "code"):
                return code
    return None


def _local_ids(ids: list[Json]) -> Iterator[str]:
    for one in ids:
        oid, value = _oid(one), text(one, "value")
        if oid and value and oid not in ALL_INS_OIDS:
            yield f"{oid}^{value}"


def _name(patient: Json, use: str) -> Json:
    """The name of that use, one in force before one that has ended. The birth name is the official
    one, else the first without any use, else the one before a marriage."""
    names = sorted(objs(patient, "name"), key=_has_ended)
    wanted = ("official", None, "maiden") if use == "official" else (use,)
    return next((one for value in wanted for one in names if one.get("use") == value), {})


def _has_ended(name: Json) -> bool:
    return bool(obj(name, "period").get("end"))


def _has_passed(name: Json) -> bool:
    """Whom nobody calls so any more."""
    return name.get("use") in ("old", "maiden") or _has_ended(name)


def has_several_names(patient: Json) -> bool:
    """Two official names in force that differ: which one the person was born with is a guess."""
    official = [one for one in objs(patient, "name") if one.get("use") == "official"]
    in_force = [one for one in official if not _has_ended(one)]
    families = {in_capitals(text(one, "family") or "") for one in in_force} - {""}
    givens = {in_capitals(next(iter(texts(one.get("given"))), "")) for one in in_force} - {""}
    return len(families) > 1 or len(givens) > 1


def _birth_place(patient: Json) -> str | None:
    """The COG (INSEE) code of the birth place."""
    place = obj(extension(patient, "patient-birthPlace"), "valueAddress")
    found = extension(place, "fr-core-address-insee-code")
    return text(found, "valueCoding", "code") or text(found, "valueString")


def _oid(identifier: Json) -> str | None:
    """Also where a sender forgot that a system is a URI, of the OIDs that are told apart here."""
    system = _written(identifier, "system") or ""
    known = system in ALL_INS_OIDS or system in (PERSONS, STRUCTURES)
    return OID_URN.sub("", system) if known or OID_URN.match(system) else None


def author_of(reference: Json, holder: Json, room: Room) -> Author:
    """Practitioner, PractitionerRole, Device, Patient, RelatedPerson or Organization; a name at the
    least."""
    found = room.resolve(reference, holder)
    match _kind(found, reference):
        case "PractitionerRole":
            return _role_author(found, reference, holder, room)
        case "Organization":
            number, _, name = _structure(found)
            name = name or text(reference, "display")
            return Author(kind="organization", organization_id=number, organization_name=name)
        case "Device":
            number, system = _person_id(found)
            name = text(next(iter(objs(found, "deviceName")), {}), "name")
            name = name or text(reference, "display")
            maker = text(found, "manufacturer")
            return Author(kind="device", id=number, id_system=system, family=name, given=maker)
        case "Patient":
            own = identity_of(found)
            return Author(
                kind="patient",
                id=own.ins,
                id_system=own.ins_oid,
                family=own.birth_family or text(reference, "display"),
                given=own.birth_given,
            )
        case "RelatedPerson":
            relation = next(iter(objs(found, "relationship")), {})
            return replace(_person(found, reference), role=text(relation, "text"))
        case _:
            return _person(found, reference)


def _person(found: Json, reference: Json) -> Author:
    number, system = _person_id(found)
    name = min(objs(found, "name"), key=_has_passed, default={})
    family = text(name, "family") or text(name, "text") or text(reference, "display")
    given = next(iter(texts(name.get("given"))), None)
    return Author(
        kind="person",
        id=number,
        id_system=system,
        family=family,
        given=given,
        specialty=_specialty(_qualifications(found)),
    )


def _qualifications(practitioner: Json) -> list[Json]:
    return [obj(one, "code") for one in objs(practitioner, "qualification")]


def _kind(found: Json, reference: Json) -> str:
    """The type of the resource, else what the Reference or its number says of it."""
    told = text(found, "resourceType") or kind_named(reference)
    structure = not told and any(_oid(one) == STRUCTURES for one in objs(found, "identifier"))
    return "Organization" if structure else told


def _role_author(role: Json, reference: Json, holder: Json, room: Room) -> Author:
    """A role that is not here is the person whom the Reference itself names."""
    named = obj(role, "practitioner") or (reference if is_logical(role) else {})
    practitioner = room.resolve(named, holder)
    organization = room.resolve(obj(role, "organization"), holder)
    person = _person(practitioner, named)
    number, _, name = _structure(organization)
    concepts = [*objs(role, "code"), *objs(role, "specialty"), *_qualifications(practitioner)]
    return replace(
        person,
        specialty=_specialty(concepts),
        role=text(first_coding(next(iter(objs(role, "code")), {})), "display"),
        organization_id=number,
        organization_name=name,
    )


def _specialty(concepts: list[Json]) -> str | None:
    """Profession and specialty of the NOS as XDS writes them: `G15_10/SM26`; the first of each, or
    the code of JDV_J01 that stands there already. A specialty alone is told where it is of one
    profession (SM is of physicians)."""
    professions: list[str] = []
    specialties: list[str] = []
    whole: list[str] = []
    for coding in (one for concept in concepts for one in codings(concept)):
        system, code = text(coding, "system") or "", text(coding, "code") or ""
        if code in KNOWN_SPECIALTIES and code.startswith("G15_"):
            (whole if "/" in code else professions).append(code)
        elif code and ("TRE_G15" in system or "TRE-G15" in system):
            professions.append(f"G15_{code}")
        elif code and ("R38" in system or code.startswith("SM")):
            specialties.append(code)
    if whole:
        return whole[0]
    if not specialties:
        return next(iter(professions), None)
    named = f"{professions[0] if professions else PHYSICIAN}/{specialties[0]}"
    return named if professions or named in KNOWN_SPECIALTIES else None


def _person_id(resource: Json) -> tuple[str | None, str | None]:
    """PS_IdNat before RPPS and ADELI, which are written with their digit (CDA.md section 3)."""
    ids = objs(resource, "identifier")
    for one in ids:
        if _oid(one) == PERSONS and (value := text(one, "value")):
            return value, PERSONS
    for one in ids:
        prefix, length = REGISTERS.get(text(one, "system") or "", ("", 0))
        if prefix and (value := text(one, "value")):
            return f"{prefix}{value}" if len(value) == length else value, PERSONS
    return _first_id(ids)


def _structure(resource: Json) -> tuple[str | None, str | None, str | None]:
    """Number, its system and name: Struct_IdNat before any other number."""
    ids = objs(resource, "identifier")
    own = [one for one in ids if _oid(one) == STRUCTURES and text(one, "value")]
    name = text(resource, "name") or text(resource, "_display")
    return *_first_id(own or ids), name


def _first_id(ids: list[Json]) -> tuple[str | None, str | None]:
    first = next(iter(ids), {})
    return text(first, "value"), system_oid(text(first, "system"))


def custodian_of(reference: Json, holder: Json, room: Room) -> Custodian | None:
    if not reference:
        return None
    found = room.resolve(reference, holder)
    number, system, name = _structure(found)
    return Custodian(id=number, id_system=system, name=name or text(reference, "display"))


def legal_of(reference: Json, holder: Json, room: Room) -> LegalAuthenticator | None:
    if not reference:
        return None
    person = author_of(reference, holder, room)
    return LegalAuthenticator(
        id=person.id or person.organization_id,
        family=person.family or person.organization_name,
        given=person.given,
    )

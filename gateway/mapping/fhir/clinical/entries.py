"""Entries of a medical profile as FHIR R4 resources, told apart from what documents hold by
`meta.source`: the entry itself, not a document (decision 013)."""

from collections.abc import Callable, Mapping
from typing import Any

from gateway.mapping.fhir.clinical.conditions import HL7
from gateway.mapping.fhir.clinical.observation import UCUM
from gateway.mapping.fhir.written.making import Json, concept, full, instant
from gateway.mapping.prevention.vaccines.proposed import CIP, CIS
from gateway.mapping.prevention.vaccines.recorded import valences_in
from gateway.mapping.prevention.vaccines.valences import titles_of
from gateway.records.entries.around import (
    AboutMe,
    Contact,
    Directives,
    OrganDonation,
    TrustedPerson,
)
from gateway.records.entries.entry import Entry, Writer, WriterRole
from gateway.records.entries.immunization import Immunization
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import (
    Allergy,
    AllergyCategory,
    Condition,
    FamilyHistory,
    Hospitalisation,
    Medication,
)

ROLE_CODES, ACT_REASONS = HL7 + "v3-RoleCode", HL7 + "v3-ActReason"
CIS_DIGITS = 8
SOURCE = "urn:passerelle:profil"
TYPE_OF: Mapping[EntryKind, str] = {
    EntryKind.CONDITION: "Condition",
    EntryKind.ALLERGY: "AllergyIntolerance",
    EntryKind.MEDICATION: "MedicationStatement",
    EntryKind.FAMILY_HISTORY: "FamilyMemberHistory",
    EntryKind.HOSPITALISATION: "Encounter",
    EntryKind.CONTACT: "RelatedPerson",
    EntryKind.TRUSTED_PERSON: "RelatedPerson",
    EntryKind.DIRECTIVES: "Consent",
    EntryKind.ORGAN_DONATION: "Consent",
    EntryKind.ABOUT_ME: "Basic",
    EntryKind.IMMUNIZATION: "Immunization",
}
"""Kinds that become a resource here."""
TRUSTED = "Personne de confiance"
WORDS = {
    WriterRole.SELF: "Patient",
    WriterRole.DOCUMENT: "Document",
}


def entry_resource(entry: Entry, subject: Json) -> Json | None:
    """Not validated; None for a kind, or a word that there is none, that has no resource here."""
    make = MAKERS.get(entry.kind)
    if make is None or entry.content is None:
        return None
    source = entry.source.document
    made = {
        "resourceType": TYPE_OF[entry.kind],
        "id": entry.id,
        "meta": {
            "versionId": str(entry.version),
            "lastUpdated": instant(entry.written_at),
            "source": f"{SOURCE}{'#' + source if source else ''}",
        },
    }
    return full(made | make(entry, entry.content, subject))


def codes_of(entry: Entry) -> frozenset[str]:
    return frozenset({getattr(entry.content, "code", None) or ""} - {""})


def _condition(entry: Entry, one: Condition, subject: Json) -> Json:
    over = bool(one.abatement) or not one.is_ongoing
    confirmed = "confirmed" if _is_confirmed(entry) else "unconfirmed"
    return {
        "clinicalStatus": concept("resolved" if over else "active", HL7 + "condition-clinical"),
        "verificationStatus": concept(confirmed, HL7 + "condition-ver-status"),
        "category": [concept("problem-list-item", HL7 + "condition-category")],
        "code": _named(one.name, one.code, one.system),
        "subject": subject,
        "onsetDateTime": one.onset or None,
        "abatementDateTime": one.abatement or None,
        "recordedDate": instant(entry.added_at),
        "recorder": _who(entry.writer),
        "note": _notes(entry),
    }


def _allergy(entry: Entry, one: Allergy, subject: Json) -> Json:
    confirmed = "confirmed" if _is_confirmed(entry) else "unconfirmed"
    known = one.category not in (None, AllergyCategory.OTHER)
    reaction = {
        "manifestation": [{"text": one.reaction or "non précisée"}],
        "severity": one.severity.value if one.severity else None,
    }
    return {
        "clinicalStatus": concept("active", HL7 + "allergyintolerance-clinical"),
        "verificationStatus": concept(confirmed, HL7 + "allergyintolerance-verification"),
        "category": [one.category.value] if known and one.category else None,
        "code": _named(one.substance, one.code, one.system),
        "patient": subject,
        "onsetDateTime": one.onset or None,
        "recordedDate": instant(entry.added_at),
        "recorder": _who(entry.writer),
        "note": _notes(entry),
        "reaction": [reaction] if one.reaction or one.severity else None,
    }


def _medication(entry: Entry, one: Medication, subject: Json) -> Json:
    return {
        "status": "unknown" if one.end else "active",
        "medicationCodeableConcept": _named(one.name, one.code, one.system),
        "subject": subject,
        "effectivePeriod": {"start": one.start or None, "end": one.end or None},
        "dateAsserted": instant(entry.written_at),
        "informationSource": _who(entry.writer),
        "reasonCode": [{"text": one.reason}] if one.reason else None,
        "note": _notes(entry, one.effects, one.prescriber),
        "dosage": [{"text": one.dosage}] if one.dosage else None,
    }


def _family_history(entry: Entry, one: FamilyHistory, subject: Json) -> Json:
    age = {"value": one.age, "unit": "a", "system": UCUM, "code": "a"}
    return {
        "status": "completed",
        "patient": subject,
        "date": instant(entry.written_at),
        "relationship": concept(one.relation.value, ROLE_CODES),
        "condition": [
            {
                "code": _named(one.name, one.code, one.system),
                "onsetAge": age if one.age is not None else None,
            }
        ],
        "note": _notes(entry),
    }


def _stay(_entry: Entry, one: Hospitalisation, subject: Json) -> Json:
    return {
        "status": "finished" if one.discharged else "unknown",
        "class": {"system": HL7 + "v3-ActCode", "code": "IMP"},
        "type": [{"text": one.title}],
        "subject": subject,
        "period": {"start": one.admitted or None, "end": one.discharged or None},
        "serviceProvider": {"display": one.place} if one.place else None,
        "reasonCode": [{"text": part} for part in (one.act, one.comment) if part],
    }


def _related(_entry: Entry, one: Contact | TrustedPerson, subject: Json) -> Json:
    """The group of a contact, or that the person is trusted, stands beside the link."""
    group = one.group.value if isinstance(one, Contact) else TRUSTED
    link = concept(one.link.value, ROLE_CODES) if one.link and one.link != "O" else None
    reached = (
        ("phone", one.phone),
        ("phone", one.other_phone),
        ("email", one.email),
    )
    return {
        "active": True,
        "patient": subject,
        "relationship": [*([link] if link else []), {"text": group}],
        "name": [{"text": one.name}],
        "telecom": [{"system": how, "value": value} for how, value in reached if value],
        "address": [{"text": one.address}] if one.address else None,
    }


def _wish(entry: Entry, one: Directives | OrganDonation, subject: Json) -> Json:
    if isinstance(one, Directives):
        policy, said, day = "Directives anticipées", one.text, one.signed
    else:
        policy, said, day = "Don d'organes", one.wish.value if one.wish else "", ""
    return {
        "status": "active",
        "scope": concept("adr", HL7 + "consentscope"),
        "category": [concept("acd", HL7 + "consentcategorycodes")],
        "patient": subject,
        "dateTime": day or instant(entry.written_at),
        "policyRule": {"text": policy},
        "sourceReference": {"display": said or "non précisé"},
    }


def _about_me(entry: Entry, one: AboutMe, subject: Json) -> Json:
    """FHIR has no field for the need of easy words; of words of our own alone."""
    easy, helped = ("oui" if said else "non" for said in (one.easy_to_read, one.interpreter))
    said = f"Langue : {one.language}. Facile à lire : {easy}. Interprète : {helped}."
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{said}</div>'
    return {
        "text": {"status": "generated", "div": div},
        "code": {"text": "Mes informations personnelles"},
        "subject": subject,
        "created": instant(entry.added_at)[:10],
    }


def _immunization(entry: Entry, one: Immunization, subject: Json) -> Json:
    """Of a contraindication that it was not given, and no more (VAC-05)."""
    system = f"urn:oid:{CIS if len(one.code) == CIS_DIGITS else CIP}" if one.code else None
    against = [{"text": title} for title in titles_of(valences_in(one))]
    applied = {"doseNumberString": one.dose or "non précisée", "targetDisease": against or None}
    return {
        "status": "not-done" if one.contraindicated else "completed",
        "statusReason": concept("MEDPREC", ACT_REASONS) if one.contraindicated else None,
        "vaccineCode": _named(one.vaccine, one.code, system),
        "patient": subject,
        "occurrenceDateTime": one.date,
        "recorded": instant(entry.added_at),
        "primarySource": _is_confirmed(entry),
        "reportOrigin": None if _is_confirmed(entry) else {"text": _who(entry.writer)["display"]},
        "location": {"display": one.place} if one.place else None,
        "lotNumber": one.lot or None,
        "performer": [{"actor": {"display": one.vaccinator}}] if one.vaccinator else None,
        "note": _notes(entry),
        "protocolApplied": [applied] if one.dose or against else None,
    }


MAKERS: Mapping[EntryKind, Callable[[Entry, Any, Json], Json]] = {
    EntryKind.CONDITION: _condition,
    EntryKind.ALLERGY: _allergy,
    EntryKind.MEDICATION: _medication,
    EntryKind.FAMILY_HISTORY: _family_history,
    EntryKind.HOSPITALISATION: _stay,
    EntryKind.CONTACT: _related,
    EntryKind.TRUSTED_PERSON: _related,
    EntryKind.DIRECTIVES: _wish,
    EntryKind.ORGAN_DONATION: _wish,
    EntryKind.ABOUT_ME: _about_me,
    EntryKind.IMMUNIZATION: _immunization,
}


def _named(name: str, code: str | None, system: str | None) -> Json:
    return {"coding": [{"system": system, "code": code}] if code else None, "text": name}


def _is_confirmed(entry: Entry) -> bool:
    said = entry.confirmed.by.role if entry.confirmed else entry.writer.role
    return said is WriterRole.PROFESSIONAL


def _who(writer: Writer) -> Json:
    with_whom = f", complété avec {writer.filled_with}" if writer.filled_with else ""
    return {"display": (writer.name or WORDS.get(writer.role, writer.role)) + with_whom}


def _notes(entry: Entry, *texts: str) -> list[Json]:
    said = [entry.content.comment if entry.content else "", *texts]
    if entry.disagreement is not None:
        said.append(f"Je ne suis pas d'accord : {entry.disagreement.text}")
    return [{"text": one} for one in said if one]

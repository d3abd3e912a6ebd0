"""What a patient chose, as Consent, and who acts for them, as RelatedPerson (VAULT EXP-02).

Facts that are no choice (an emergency, a notice, what an operator prepares) have no resource.
"""

from datetime import datetime

from gateway.mapping.fhir.written.making import Json, concept, full, instant, json_of
from gateway.records.patients.account import Choice, ChoiceKind, Person
from gateway.records.readers.access import Hide

LOINC = "http://loinc.org"
SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
POLICY = "Matrice d'habilitation de Mon espace santé"
CONSENT_DOCUMENT = "59284-0"
PERMIT, DENY = "permit", "deny"
CONSENTS = {
    ChoiceKind.CARE_PROFESSIONAL: (PERMIT, "accord donné à un professionnel"),
    ChoiceKind.CARE_TEAM: (PERMIT, "accord donné à une équipe"),
    ChoiceKind.OCCUPATIONAL: (PERMIT, "accord donné à un médecin du travail"),
    ChoiceKind.TREATING: (PERMIT, "médecin traitant"),
    ChoiceKind.ADMINISTRATOR: (PERMIT, "administrateur"),
    ChoiceKind.APPLICATION: (PERMIT, "application"),
    ChoiceKind.BLOCK: (DENY, "professionnel bloqué"),
    ChoiceKind.TEAM_OBJECTED: (DENY, "équipe refusée"),
    ChoiceKind.FEEDING_OPPOSED: (DENY, "opposition aux dépôts"),
    ChoiceKind.FEEDING_ALLOWED: (PERMIT, "dépôts autorisés"),
    ChoiceKind.EMERGENCY_SAMU_OFF: (DENY, "accès du SAMU refusé"),
    ChoiceKind.EMERGENCY_PROFESSIONALS_OFF: (DENY, "accès en urgence refusé"),
    ChoiceKind.EMERGENCY_MASKED_ON: (PERMIT, "documents masqués visibles en urgence"),
    ChoiceKind.NEW_MASKED: (DENY, "nouveaux documents masqués"),
}
RELATED: dict[ChoiceKind, tuple[str | None, str]] = {
    ChoiceKind.PARENT: ("PRN", "parent, représentant légal"),
    ChoiceKind.GUARDIAN: ("GUARD", "tuteur"),
    ChoiceKind.CAREGIVER: (None, "proche aidant"),
}
HIDDEN = "document caché"


def consent(identifier: str, choice: Choice, patient: Json) -> bytes:
    """Of a kind in CONSENTS, in force; `patient` is a Reference."""
    decision, words = CONSENTS[choice.kind]
    provision = _provision(decision, choice.since, choice.until, choice.target)
    if choice.scopes:
        provision["action"] = [{"text": scope} for scope in choice.scopes]
    return _consent(identifier, words, patient, choice.since, provision)


def consent_of_hide(identifier: str, document: str, hide: Hide, patient: Json) -> bytes:
    """One document that is hidden from one professional or profession."""
    provision = _provision(DENY, hide.since, hide.until, hide.id)
    reference = {"reference": f"DocumentReference/{document}"}
    provision["data"] = [{"meaning": "instance", "reference": reference}]
    return _consent(identifier, HIDDEN, patient, hide.since, provision)


def _consent(
    identifier: str, words: str, patient: Json, since: datetime | None, provision: Json
) -> bytes:
    from fhir.resources.R4B.consent import Consent

    kind = concept(CONSENT_DOCUMENT, LOINC) or {}
    made = {
        "resourceType": "Consent",
        "id": identifier,
        "status": "active",
        "scope": concept("patient-privacy", SCOPE),
        "category": [kind | {"text": words}],
        "patient": patient,
        "dateTime": instant(since) if since else None,
        "policyRule": {"text": POLICY},
        "provision": provision,
    }
    return json_of(Consent, full(made))


def _provision(kind: str, since: datetime | None, until: datetime | None, target: str) -> Json:
    start = instant(since) if since else None
    made: Json = {
        "type": kind,
        "period": {"start": start, "end": instant(until) if until else None},
    }
    if target:
        role = concept("IRCP", PARTICIPATION)
        made["actor"] = [{"role": role, "reference": {"identifier": {"value": target}}}]
    return made


def related_person(identifier: str, choice: Choice, person: Person | None, patient: Json) -> bytes:
    """Of a kind in RELATED, in force; the name alone is told of who it is (VAULT REP-05)."""
    from fhir.resources.R4B.relatedperson import RelatedPerson

    code, words = RELATED[choice.kind]
    one = person.identity if person else None
    family = (one.used_family or one.birth_family) if one else None
    given = (one.used_given or one.birth_given) if one else None
    made = {
        "resourceType": "RelatedPerson",
        "id": identifier,
        "active": True,
        "patient": patient,
        "relationship": [(concept(code, ROLES) or {}) | {"text": words}],
        "name": [{"family": family, "given": [given] if given else []}],
        "period": {
            "start": instant(choice.since),
            "end": instant(choice.until) if choice.until else None,
        },
    }
    return json_of(RelatedPerson, full(made))

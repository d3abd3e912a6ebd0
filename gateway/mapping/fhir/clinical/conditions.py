"""Problems, allergies and family history as FHIR Condition, AllergyIntolerance and so on."""

from gateway.mapping.fhir.clinical.codings import (
    Source,
    concept_of,
    concepts,
    head,
    notes,
    recorded,
    recorder,
)
from gateway.mapping.fhir.written.making import Json, concept, date_time, full
from gateway.records.documents.fact import Fact, FactStatus

HL7 = "http://terminology.hl7.org/CodeSystem/"
PROBLEM_LISTS = frozenset({"11450-4", "11348-0", "46612-8", "34117-2"})
"""LOINC of sections whose entries are kept from one visit to the next."""
CERTAINTIES = {
    "confirmed": "confirmed",
    "unconfirmed": "unconfirmed",
    "provisional": "provisional",
    "differential": "differential",
    "refuted": "refuted",
}
FOR_ALLERGIES = frozenset({"confirmed", "unconfirmed", "refuted", "presumed"})
CRITICALITIES = frozenset({"low", "high", "unable-to-assess"})
SEVERITIES = {
    "255604002": "mild", "371923003": "mild", "6736007": "moderate", "371924009": "moderate",
    "24484000": "severe",
}  # fmt: skip
"""SNOMED CT -> AllergyIntolerance.reaction.severity."""
NATURES = {
    "416098002": "medication", "414285001": "food", "426232007": "environment",
    "419199007": None, "420134006": None,
}  # fmt: skip


def condition(fact: Fact, source: Source) -> Json:
    """A problem; one that was looked for and not found is `refuted`."""
    onset, end = date_time(fact.start), date_time(fact.stop)
    status = _clinical(fact, ended=end is not None)
    listed = fact.where.section in PROBLEM_LISTS
    category = "problem-list-item" if listed else "encounter-diagnosis"
    return full(
        {
            **head(fact, source),
            "clinicalStatus": concept(status, HL7 + "condition-clinical"),
            "verificationStatus": concept(_verified(fact), HL7 + "condition-ver-status"),
            "category": [concept(category, HL7 + "condition-category")],
            "severity": concept_of(fact.severity),
            "code": concept_of(fact.what, *fact.also),
            "subject": source.subject,
            "onsetDateTime": onset,
            "abatementDateTime": end,
            "recordedDate": recorded(fact, source),
            "recorder": recorder(fact, source),
            "note": notes(fact.comment, _words(fact)),
        }
    )


def allergy(fact: Fact, source: Source) -> Json:
    """R4 wants a clinical status of every allergy: what is not said to be over is active."""
    active = fact.status is not FactStatus.INACTIVE
    verified = _verified(fact)
    nature = NATURES.get(fact.kind_of.code)
    return full(
        {
            **head(fact, source),
            "clinicalStatus": concept(
                "active" if active else "inactive", HL7 + "allergyintolerance-clinical"
            ),
            "verificationStatus": concept(
                verified if verified in FOR_ALLERGIES else None,
                HL7 + "allergyintolerance-verification",
            ),
            "category": [nature] if nature else [],
            "criticality": fact.criticality.code
            if fact.criticality.code in CRITICALITIES
            else None,
            "code": concept_of(fact.what, *fact.also),
            "patient": source.subject,
            "onsetDateTime": date_time(fact.start),
            "recordedDate": recorded(fact, source),
            "recorder": recorder(fact, source),
            "reaction": [_reaction(fact)] if fact.reactions else [],
            "note": notes(fact.comment, fact.kind_of.text, _words(fact)),
        }
    )


def _reaction(fact: Fact) -> Json:
    return full(
        {
            "manifestation": concepts(fact.reactions),
            "severity": SEVERITIES.get(fact.severity.code),
        }
    )


def family_history(fact: Fact, source: Source) -> Json | None:
    """One disease of one relative; a disease that nobody had makes no resource."""
    if fact.negated or fact.says_none:
        return None
    disease = full({"code": concept_of(fact.what, *fact.also), "onsetString": fact.start})
    return full(
        {
            **head(fact, source),
            "status": "completed",
            "patient": source.subject,
            "date": recorded(fact, source),
            "relationship": concept_of(fact.relation) or {"text": "parenté non précisée"},
            "condition": [disease],
            "note": notes(fact.comment, _words(fact)),
        }
    )


def _clinical(fact: Fact, *, ended: bool) -> str | None:
    """R4 con-4: what has an end is resolved."""
    if ended:
        return "resolved"
    if fact.status is FactStatus.ACTIVE:
        return "active"
    return "inactive" if fact.status is FactStatus.INACTIVE else None


def _verified(fact: Fact) -> str | None:
    return "refuted" if fact.negated else CERTAINTIES.get(fact.certainty.code)


def _words(fact: Fact) -> str:
    """The narrative, where it says something else than the code's name."""
    words = fact.where.words
    return "" if words == fact.what.text else words

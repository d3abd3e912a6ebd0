"""Problems, allergies and family history as facts (IHE PCC, CI-SIS "FR-…" entries)."""

from collections.abc import Iterator

from gateway.mapping.cda.entries.details import (
    Told,
    inner,
    period_of,
    related,
    translations_of,
    value_in,
)
from gateway.mapping.cda.entries.provenance import provenance_of
from gateway.mapping.cda.entries.surroundings import comments_of
from gateway.mapping.cda.nodes import attribute, every, first, text_of
from gateway.mapping.xml import Element
from gateway.records.documents.fact import NOTHING_CODED, Coded, Fact, FactKind, FactStatus

STATUS, CERTAINTY, CRITICALITY = "33999-4", "66455-7", "82606-5"
"""LOINC of what is said of a problem or an allergy by an observation inside it."""
SEVERITY = "SEV"
AGENT = "participant/participantRole/playingEntity"

STATED = {
    "active": FactStatus.ACTIVE,
    "recurrence": FactStatus.ACTIVE,
    "relapse": FactStatus.ACTIVE,
    "inactive": FactStatus.INACTIVE,
    "remission": FactStatus.INACTIVE,
    "resolved": FactStatus.INACTIVE,
    "55561003": FactStatus.ACTIVE,
    "73425007": FactStatus.INACTIVE,
    "413322009": FactStatus.INACTIVE,
    "410516002": FactStatus.INACTIVE,
    "90734009": FactStatus.ACTIVE,
    "7087005": FactStatus.ACTIVE,
    "255227004": FactStatus.ACTIVE,
    "G-A230": FactStatus.ACTIVE,
    "G-A270": FactStatus.ACTIVE,
    "G-A397": FactStatus.ACTIVE,
    "G-A500": FactStatus.ACTIVE,
    "G-A378": FactStatus.INACTIVE,
    "G-A201": FactStatus.INACTIVE,
    "G-A202": FactStatus.INACTIVE,
    "CDA_002": FactStatus.INACTIVE,
}
"""Values of the status of a problem or an allergy: HL7 clinical status, SNOMED CT (IHE PCC Problem
Status: chronic, intermittent and recurrent go on), SNOMED 3.5 (JDV_ClinicalStatusCodes of CI-SIS
documents until 2021)."""


def problem(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Problem Entry, in a concern or alone."""
    start, stop = period_of(node)
    yield Fact(
        kind=FactKind.PROBLEM,
        what=value_in(node, told),
        also=translations_of(first(node, "value"), told),
        where=provenance_of(node, told.narrative),
        status=_clinical_status(node, told),
        negated=node.get("negationInd") == "true",
        start=start,
        stop=stop,
        severity=inner(node, SEVERITY, told),
        certainty=inner(node, CERTAINTY, told),
        comment=comments_of(node, told.narrative),
    )


def allergy(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Allergy and Intolerance; the agent is a participant CSM."""
    start, stop = period_of(node)
    reactions = [one for one in related(node, "MFST") if one.get("negationInd") != "true"]
    where = provenance_of(node, told.narrative)
    what = _agent(node, told)
    if not (what.text or reactions or where.words):
        return
    severity = inner(node, SEVERITY, told)
    kind_of = told.narrative.coded(first(node, "code"))
    yield Fact(
        kind=FactKind.ALLERGY,
        what=what if what.text else Coded(text=kind_of.text),
        also=translations_of(first(node, f"{AGENT}/code"), told),
        where=where,
        status=_clinical_status(node, told),
        negated=node.get("negationInd") == "true",
        start=start,
        stop=stop,
        kind_of=kind_of,
        severity=severity
        if severity.code or not reactions
        else inner(reactions[0], SEVERITY, told),
        certainty=inner(node, CERTAINTY, told),
        criticality=inner(node, CRITICALITY, told),
        reactions=tuple(value_in(one, told) for one in reactions),
        comment=comments_of(node, told.narrative),
    )


def family_history(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Family History Organizer: one fact a disease of a relative."""
    relation = told.narrative.coded(first(node, "subject/relatedSubject/code"))
    for disease in every(node, "component/observation"):
        start, stop = period_of(disease)
        yield Fact(
            kind=FactKind.FAMILY_HISTORY,
            what=value_in(disease, told),
            also=translations_of(first(disease, "value"), told),
            where=provenance_of(disease, told.narrative),
            negated=disease.get("negationInd") == "true",
            start=start,
            stop=stop,
            relation=relation,
            comment=comments_of(disease, told.narrative),
        )


def _agent(node: Element, told: Told) -> Coded:
    """What one is allergic to: the agent, else the coded value of the observation."""
    agent = first(node, AGENT)
    named = told.narrative.coded(first(agent, "code"))
    if named.text or named.code:
        return named
    if name := text_of(agent, "name"):
        return Coded(text=name)
    value = told.narrative.coded(first(node, "value"))
    return value if value.code else NOTHING_CODED


def _clinical_status(node: Element, told: Told) -> FactStatus:
    """As stated inside; else the status of the concern around; else by its end."""
    stated = STATED.get(inner(node, STATUS, told).code)
    if stated:
        return stated
    _, stop = period_of(node)
    relation = node.getparent()
    concern = None if relation is None else relation.getparent()
    match attribute(concern, "code", "statusCode"):
        case "active":
            return FactStatus.ACTIVE
        case "completed" | "aborted":
            return FactStatus.INACTIVE
        case _:
            return FactStatus.INACTIVE if stop else FactStatus.UNKNOWN

"""One clinical statement of a CDA as a fact, kind by kind (IHE PCC, CI-SIS "FR-…" entries).

Each reader takes the statement and what it needs to read it, and makes one fact or several.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.mapping.cda.entries.pointers import Narrative
from gateway.mapping.cda.entries.provenance import provenance_of
from gateway.mapping.cda.entries.surroundings import comments_of, performer_of, person_name
from gateway.mapping.cda.entries.values import quantity
from gateway.mapping.cda.nodes import attribute, every, first, text_of
from gateway.mapping.times import iso_of
from gateway.mapping.xml import Element
from gateway.records.fact import NOTHING_CODED, Coded, Fact, FactKind, FactStatus

STATUS, CERTAINTY, CRITICALITY, RANK = "33999-4", "66455-7", "82606-5", "30973-2"
"""LOINC of what is said of a problem, an allergy or a dose by an observation inside it."""
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
}
"""Values of the status of a problem or an allergy: HL7 clinical status, SNOMED CT."""
ENDED = {
    "aborted": FactStatus.STOPPED,
    "cancelled": FactStatus.STOPPED,
    "suspended": FactStatus.STOPPED,
    "completed": FactStatus.COMPLETED,
    "active": FactStatus.ACTIVE,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader needs beside the statement; `at` is when the document was made."""

    narrative: Narrative
    at: str | None


def problem(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Problem Entry, in a concern or alone."""
    start, stop = _period(node)
    yield Fact(
        kind=FactKind.PROBLEM,
        what=_value(node, told),
        also=_translations(first(node, "value"), told),
        where=provenance_of(node, told.narrative),
        status=_clinical_status(node, told),
        negated=node.get("negationInd") == "true",
        start=start,
        stop=stop,
        severity=_inner(node, SEVERITY, told),
        certainty=_inner(node, CERTAINTY, told),
        comment=comments_of(node, told.narrative),
    )


def allergy(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Allergy and Intolerance; the agent is a participant CSM."""
    start, stop = _period(node)
    reactions = [one for one in _related(node, "MFST") if one.get("negationInd") != "true"]
    where = provenance_of(node, told.narrative)
    what = _agent(node, told)
    if not (what.text or reactions or where.words):
        return
    severity = _inner(node, SEVERITY, told)
    kind_of = told.narrative.coded(first(node, "code"))
    yield Fact(
        kind=FactKind.ALLERGY,
        what=what if what.text else Coded(text=kind_of.text),
        also=_translations(first(node, f"{AGENT}/code"), told),
        where=where,
        status=_clinical_status(node, told),
        negated=node.get("negationInd") == "true",
        start=start,
        stop=stop,
        kind_of=kind_of,
        severity=severity
        if severity.code or not reactions
        else _inner(reactions[0], SEVERITY, told),
        certainty=_inner(node, CERTAINTY, told),
        criticality=_inner(node, CRITICALITY, told),
        reactions=tuple(_value(one, told) for one in reactions),
        comment=comments_of(node, told.narrative),
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


def family_history(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Family History Organizer: one fact a disease of a relative."""
    relation = told.narrative.coded(first(node, "subject/relatedSubject/code"))
    for disease in every(node, "component/observation"):
        start, stop = _period(disease)
        yield Fact(
            kind=FactKind.FAMILY_HISTORY,
            what=_value(disease, told),
            also=_translations(first(disease, "value"), told),
            where=provenance_of(disease, told.narrative),
            negated=disease.get("negationInd") == "true",
            start=start,
            stop=stop,
            relation=relation,
            comment=comments_of(disease, told.narrative),
        )


def medication(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Medications, of a summary or a prescription."""
    what, also, lot = _product(node, told)
    start, stop = _period(node)
    yield Fact(
        kind=FactKind.MEDICATION,
        what=what,
        also=also,
        where=provenance_of(node, told.narrative),
        status=_taken(node, stop, told),
        start=start,
        stop=stop,
        route=told.narrative.coded(first(node, "routeCode")),
        dose=quantity(first(node, "doseQuantity")),
        frequency=_frequency(node),
        lot=lot,
        reasons=_reasons(node, told),
        performer=_who(node),
        comment=comments_of(node, told.narrative),
    )


def immunization(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Immunizations (and its plan), CI-SIS FR-Vaccination."""
    what, also, lot = _product(node, told)
    start, stop = _period(node)
    rank = _inner_value(node, RANK)
    yield Fact(
        kind=FactKind.IMMUNIZATION,
        what=what,
        also=also,
        where=provenance_of(node, told.narrative),
        status=_act_status(node),
        start=start,
        stop=stop,
        kind_of=told.narrative.coded(first(node, "code")),
        route=told.narrative.coded(first(node, "routeCode")),
        site=told.narrative.coded(first(node, "approachSiteCode")),
        dose=quantity(first(node, "doseQuantity")),
        lot=lot,
        rank=int(rank) if rank and rank.isascii() and rank.isdigit() and len(rank) < 4 else None,
        reactions=tuple(_value(one, told) for one in _related(node, "CAUS")),
        reasons=_reasons(node, told),
        performer=_who(node),
        place=text_of(node, "performer/assignedEntity/representedOrganization/name") or "",
        comment=comments_of(node, told.narrative),
    )


def procedure(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Procedure Entry, CI-SIS FR-Acte."""
    start, stop = _period(node)
    yield Fact(
        kind=FactKind.PROCEDURE,
        what=told.narrative.coded(first(node, "code")),
        also=_translations(first(node, "code"), told),
        where=provenance_of(node, told.narrative),
        status=_act_status(node),
        start=start,
        stop=stop,
        site=told.narrative.coded(first(node, "targetSiteCode")),
        reasons=_reasons(node, told),
        performer=_who(node),
        comment=comments_of(node, told.narrative),
    )


def device(node: Element, told: Told) -> Iterator[Fact]:
    """CI-SIS FR-Dispositif-medical: a supply whose participant DEV is the device."""
    start, stop = _period(node)
    for one in every(node, "participant"):
        code = first(one, "participantRole/playingDevice/code")
        if code is not None:
            yield Fact(
                kind=FactKind.DEVICE,
                what=told.narrative.coded(code),
                also=_translations(code, told),
                where=provenance_of(node, told.narrative),
                status=_act_status(node),
                start=start,
                stop=stop,
                reasons=_reasons(node, told),
                comment=comments_of(node, told.narrative),
            )


def encounter(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Encounters: a stay, a consultation, or an appointment (mood ARQ, INT)."""
    start, stop = _period(node)
    yield Fact(
        kind=FactKind.ENCOUNTER,
        what=told.narrative.coded(first(node, "code")),
        where=provenance_of(node, told.narrative),
        status=_act_status(node),
        start=start,
        stop=stop,
        performer=_who(node),
        place=text_of(node, "participant/participantRole/playingEntity/name") or "",
        comment=comments_of(node, told.narrative),
    )


def _value(node: Element, told: Told) -> Coded:
    """The coded value of an observation; the text of the entry where the value says nothing."""
    found = told.narrative.coded(first(node, "value"))
    if found.code or found.text:
        return found
    return Coded(text=told.narrative.referenced(node, "text"))


def _translations(code: Element | None, told: Told) -> tuple[Coded, ...]:
    found = (told.narrative.coded(one) for one in every(code, "translation"))
    return tuple(one for one in found if one.code)


def _product(node: Element, told: Told) -> tuple[Coded, tuple[Coded, ...], str]:
    """Code, other codings and lot of the material; its name where the code has no words."""
    material = first(node, "consumable/manufacturedProduct/manufacturedMaterial")
    code = first(material, "code")
    found, name = told.narrative.coded(code), text_of(material, "name") or ""
    shown = attribute(code, "displayName") or name or found.text
    return (
        Coded(found.code, found.system, shown),
        _translations(code, told),
        text_of(material, "lotNumberText") or "",
    )


def _period(node: Element) -> tuple[str | None, str | None]:
    """Start and end of the first effectiveTime that has one; a moment is a start."""
    for time in every(node, "effectiveTime"):
        start = iso_of(attribute(time, "value") or attribute(time, "value", "low"))
        stop = iso_of(attribute(time, "value", "high"))
        if start or stop:
            return start, stop
    return None, None


def _frequency(node: Element) -> str:
    """The periods of a treatment, "1 d", "6 h"; events (EIVL) by their code."""
    found = []
    for time in every(node, "effectiveTime"):
        found.append(quantity(first(time, "period")))
        found.append(attribute(time, "code", "event") or "")
    return ", ".join(part for part in found if part)


def _related(node: Element, kind: str) -> list[Element]:
    relations = (one for one in every(node, "entryRelationship") if one.get("typeCode") == kind)
    return [inner for one in relations for inner in every(one, "observation")]


def _inside(node: Element, code: str) -> Element | None:
    """The observation of this code that an entry holds to say something of itself."""
    found = every(node, "entryRelationship/observation")
    return next((one for one in found if attribute(one, "code", "code") == code), None)


def _inner(node: Element, code: str, told: Told) -> Coded:
    found = _inside(node, code)
    return told.narrative.coded(first(found, "value")) if found is not None else NOTHING_CODED


def _inner_value(node: Element, code: str) -> str | None:
    return attribute(_inside(node, code), "value", "value")


def _reasons(node: Element, told: Told) -> tuple[Coded, ...]:
    relations = [one for one in every(node, "entryRelationship") if one.get("typeCode") == "RSON"]
    acts = [told.narrative.coded(first(one, "act/code")) for one in relations]
    observed = [_value(inner, told) for one in relations for inner in every(one, "observation")]
    return tuple(one for one in (*acts, *observed) if one.code or one.text)


def _who(node: Element) -> str:
    """The person who did it, else the organisation."""
    name = person_name(first(node, "performer/assignedEntity/assignedPerson/name"))
    return name or performer_of(first(node, "performer"))


def _clinical_status(node: Element, told: Told) -> FactStatus:
    """As stated inside; else the status of the concern around; else by its end."""
    stated = STATED.get(_inner(node, STATUS, told).code)
    if stated:
        return stated
    _, stop = _period(node)
    relation = node.getparent()
    concern = None if relation is None else relation.getparent()
    match attribute(concern, "code", "statusCode"):
        case "active":
            return FactStatus.ACTIVE
        case "completed" | "aborted":
            return FactStatus.INACTIVE
        case _:
            return FactStatus.INACTIVE if stop else FactStatus.UNKNOWN


def _act_status(node: Element) -> FactStatus:
    if node.get("moodCode", "EVN") != "EVN":
        return FactStatus.INTENDED
    if node.get("negationInd") == "true":
        return FactStatus.REFUSED
    return ENDED.get(attribute(node, "code", "statusCode") or "", FactStatus.COMPLETED)


def _taken(node: Element, stop: str | None, told: Told) -> FactStatus:
    """IHE PCC writes `completed` of every treatment: its end tells whether it is over."""
    status = _act_status(node)
    if status not in (FactStatus.COMPLETED, FactStatus.ACTIVE):
        return status
    over = bool(stop and told.at and stop < told.at[: len(stop)])
    return FactStatus.COMPLETED if over else FactStatus.ACTIVE

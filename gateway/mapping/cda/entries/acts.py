"""Treatments, vaccines, acts, devices and stays as facts (IHE PCC, CI-SIS "FR-…" entries)."""

from collections.abc import Iterator

from gateway.mapping.cda.entries.details import (
    Told,
    inner_value,
    period_of,
    related,
    translations_of,
    value_in,
)
from gateway.mapping.cda.entries.provenance import provenance_of
from gateway.mapping.cda.entries.surroundings import comments_of, performer_of, person_name
from gateway.mapping.cda.entries.values import quantity
from gateway.mapping.cda.nodes import attribute, every, first, text_of
from gateway.mapping.xml import Element
from gateway.records.documents.fact import Coded, Fact, FactKind, FactStatus

RANK = "30973-2"
"""LOINC of the rank of a dose."""

ENDED = {
    "aborted": FactStatus.STOPPED,
    "cancelled": FactStatus.STOPPED,
    "suspended": FactStatus.STOPPED,
    "completed": FactStatus.COMPLETED,
    "active": FactStatus.ACTIVE,
}


def medication(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Medications, of a summary or a prescription."""
    what, also, lot = _product(node, told)
    start, stop = period_of(node)
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
    start, stop = period_of(node)
    rank = inner_value(node, RANK)
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
        reactions=tuple(value_in(one, told) for one in related(node, "CAUS")),
        reasons=_reasons(node, told),
        performer=_who(node),
        place=text_of(node, "performer/assignedEntity/representedOrganization/name") or "",
        comment=comments_of(node, told.narrative),
    )


def procedure(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Procedure Entry, CI-SIS FR-Acte."""
    start, stop = period_of(node)
    yield Fact(
        kind=FactKind.PROCEDURE,
        what=told.narrative.coded(first(node, "code")),
        also=translations_of(first(node, "code"), told),
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
    start, stop = period_of(node)
    for one in every(node, "participant"):
        code = first(one, "participantRole/playingDevice/code")
        if code is not None:
            yield Fact(
                kind=FactKind.DEVICE,
                what=told.narrative.coded(code),
                also=translations_of(code, told),
                where=provenance_of(node, told.narrative),
                status=_act_status(node),
                start=start,
                stop=stop,
                reasons=_reasons(node, told),
                comment=comments_of(node, told.narrative),
            )


def encounter(node: Element, told: Told) -> Iterator[Fact]:
    """IHE PCC Encounters: a stay, a consultation, or an appointment (mood ARQ, INT)."""
    start, stop = period_of(node)
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


def _product(node: Element, told: Told) -> tuple[Coded, tuple[Coded, ...], str]:
    """Code, other codings and lot of the material; its name where the code has no words."""
    material = first(node, "consumable/manufacturedProduct/manufacturedMaterial")
    code = first(material, "code")
    found, name = told.narrative.coded(code), text_of(material, "name") or ""
    shown = attribute(code, "displayName") or name or found.text
    return (
        Coded(found.code, found.system, shown),
        translations_of(code, told),
        text_of(material, "lotNumberText") or "",
    )


def _frequency(node: Element) -> str:
    """The periods of a treatment, "1 d", "6 h"; events (EIVL) by their code."""
    found = []
    for time in every(node, "effectiveTime"):
        found.append(quantity(first(time, "period")))
        found.append(attribute(time, "code", "event") or "")
    return ", ".join(part for part in found if part)


def _reasons(node: Element, told: Told) -> tuple[Coded, ...]:
    relations = [one for one in every(node, "entryRelationship") if one.get("typeCode") == "RSON"]
    acts = [told.narrative.coded(first(one, "act/code")) for one in relations]
    observed = [value_in(inner, told) for one in relations for inner in every(one, "observation")]
    return tuple(one for one in (*acts, *observed) if one.code or one.text)


def _who(node: Element) -> str:
    """The person who did it, else the organisation."""
    name = person_name(first(node, "performer/assignedEntity/assignedPerson/name"))
    return name or performer_of(first(node, "performer"))


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

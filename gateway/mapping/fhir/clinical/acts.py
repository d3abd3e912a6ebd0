"""Treatments, vaccines, acts, devices and stays as FHIR resources."""

from gateway.mapping.fhir.clinical.codings import (
    Source,
    concept_of,
    concepts,
    displayed,
    head,
    notes,
    period,
    recorded,
    recorder,
)
from gateway.mapping.fhir.written.making import Json, date_time, full, system_of
from gateway.records.documents.fact import Fact, FactStatus

ACT_CODE = "2.16.840.1.113883.5.4"
UNKNOWN_CLASS = {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}
TAKEN = {
    FactStatus.ACTIVE: "active",
    FactStatus.COMPLETED: "completed",
    FactStatus.INTENDED: "intended",
    FactStatus.STOPPED: "stopped",
    FactStatus.REFUSED: "not-taken",
}
DONE = {
    FactStatus.ACTIVE: "in-progress",
    FactStatus.COMPLETED: "completed",
    FactStatus.INTENDED: "preparation",
    FactStatus.STOPPED: "stopped",
    FactStatus.REFUSED: "not-done",
}
USED = {
    FactStatus.INTENDED: "intended",
    FactStatus.STOPPED: "stopped",
    FactStatus.REFUSED: "entered-in-error",
}
VISITED = {FactStatus.INTENDED: "planned", FactStatus.REFUSED: "cancelled"}
NO_DATE = "date non renseignée"


def medication_statement(fact: Fact, source: Source) -> Json:
    return full(
        {
            **head(fact, source),
            "status": TAKEN.get(fact.status, "unknown"),
            "medicationCodeableConcept": concept_of(fact.what, *fact.also),
            "subject": source.subject,
            "effectivePeriod": period(fact.start, fact.stop),
            "dateAsserted": recorded(fact, source),
            "informationSource": recorder(fact, source),
            "reasonCode": concepts(fact.reasons),
            "note": notes(fact.comment),
            "dosage": [_dosage(fact)],
        }
    )


def _dosage(fact: Fact) -> Json:
    """In the words of the entry: "2 {tablet}, 6 h"; the narrative says it better."""
    text = ", ".join(part for part in (fact.dose, fact.frequency) if part)
    return full({"text": text, "route": concept_of(fact.route)})


def immunization(fact: Fact, source: Source) -> Json | None:
    """What was given or refused, or that none was; a vaccine that is planned is none (R4: a
    recommendation)."""
    if fact.status is FactStatus.INTENDED:
        return None
    refused = fact.status is FactStatus.REFUSED
    given = date_time(fact.start)
    rank = {"doseNumberPositiveInt": fact.rank, "series": fact.kind_of.text} if fact.rank else {}
    return full(
        {
            **head(fact, source),
            "status": "not-done" if refused or fact.says_none else "completed",
            "statusReason": concept_of(*fact.reasons[:1]) if refused and fact.reasons else None,
            "vaccineCode": concept_of(fact.what, *fact.also),
            "patient": source.subject,
            "occurrenceDateTime": given,
            "occurrenceString": None if given else NO_DATE,
            "recorded": recorded(fact, source),
            "location": displayed(fact.place),
            "lotNumber": fact.lot,
            "site": concept_of(fact.site),
            "route": concept_of(fact.route),
            "performer": [{"actor": displayed(fact.performer)}] if fact.performer else [],
            "note": notes(fact.comment, *(f"Réaction : {one.text}" for one in fact.reactions)),
            "reasonCode": [] if refused else concepts(fact.reasons),
            "protocolApplied": [rank],
        }
    )


def procedure(fact: Fact, source: Source) -> Json:
    return full(
        {
            **head(fact, source),
            "status": DONE.get(fact.status, "unknown"),
            "code": concept_of(fact.what, *fact.also),
            "subject": source.subject,
            **_performed(fact),
            "recorder": recorder(fact, source),
            "performer": [{"actor": displayed(fact.performer)}] if fact.performer else [],
            "reasonCode": concepts(fact.reasons),
            "bodySite": concepts((fact.site,)),
            "note": notes(fact.comment),
        }
    )


def _performed(fact: Fact) -> Json:
    if fact.stop:
        return {"performedPeriod": period(fact.start, fact.stop)}
    return {"performedDateTime": date_time(fact.start)}


def device_use(fact: Fact, source: Source) -> Json:
    """The device is contained: nothing but its kind is known of it."""
    device = full(
        {"resourceType": "Device", "id": "device", "type": concept_of(fact.what, *fact.also)}
    )
    return full(
        {
            **head(fact, source),
            "contained": [device],
            "status": USED.get(fact.status, "active"),
            "subject": source.subject,
            "timingPeriod": period(fact.start, fact.stop),
            "recordedOn": recorded(fact, source),
            "source": recorder(fact, source),
            "device": {"reference": "#device"},
            "reasonCode": concepts(fact.reasons),
            "note": notes(fact.comment),
        }
    )


def encounter(fact: Fact, source: Source) -> Json:
    is_class = (
        fact.what.system == ACT_CODE and fact.what.code.isascii() and fact.what.code.isalpha()
    )
    return full(
        {
            **head(fact, source),
            "status": VISITED.get(fact.status, "finished"),
            "class": {"system": system_of(ACT_CODE), "code": fact.what.code}
            if is_class
            else UNKNOWN_CLASS,
            "type": concepts((fact.what,)),
            "subject": source.subject,
            "participant": [{"individual": displayed(fact.performer)}] if fact.performer else [],
            "period": period(fact.start, fact.stop),
            "location": [{"location": displayed(fact.place)}] if fact.place else [],
        }
    )

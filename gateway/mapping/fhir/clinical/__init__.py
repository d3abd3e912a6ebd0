"""The coded contents of a document as FHIR R4 resources (VAULT sections 7, 10 and 11).

One resource an observation or fact, made of the document's own bytes when it is asked for. Each
names its document in `meta.source`: it is worth what its author wrote there (decision 013).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from gateway.mapping.biology.standing import same_as
from gateway.mapping.fhir.clinical.acts import (
    device_use,
    encounter,
    immunization,
    medication_statement,
    procedure,
)
from gateway.mapping.fhir.clinical.codings import Source, concept_of, source_of
from gateway.mapping.fhir.clinical.conditions import allergy, condition, family_history
from gateway.mapping.fhir.clinical.entries import codes_of, entry_resource
from gateway.mapping.fhir.clinical.observation import observation
from gateway.mapping.fhir.written.making import Json, date_time, json_of, shortened
from gateway.records.documents.fact import Fact, FactKind
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Shelved
from gateway.records.entries.entry import Entry

Maker = Callable[[Fact, Source], Json | None]
MAKERS: dict[FactKind, tuple[str, Maker]] = {
    FactKind.PROBLEM: ("Condition", condition),
    FactKind.ALLERGY: ("AllergyIntolerance", allergy),
    FactKind.FAMILY_HISTORY: ("FamilyMemberHistory", family_history),
    FactKind.MEDICATION: ("MedicationStatement", medication_statement),
    FactKind.IMMUNIZATION: ("Immunization", immunization),
    FactKind.PROCEDURE: ("Procedure", procedure),
    FactKind.DEVICE: ("DeviceUseStatement", device_use),
    FactKind.ENCOUNTER: ("Encounter", encounter),
}
TYPES = ("Observation", *(name for name, _ in MAKERS.values()))
"""The resource types that the contents of a document become."""


class Clinical(NamedTuple):
    """One resource: its type and id, what a search asks of it, and its JSON.

    `same_as` is equal for a result that two documents report; "" where that cannot be told.
    """

    type: str
    id: str
    codes: frozenset[str]
    category: str
    date: str
    status: str
    body: bytes
    same_as: str = ""


def contents_of(
    shelved: Shelved, observations: Sequence[Observation], facts: Sequence[Fact]
) -> tuple[Clinical, ...]:
    """Every observation that is no title, then every fact that FHIR has a resource for, in order.

    Ids are the document's with a letter and a number: they stay as long as the document does.
    """
    source = source_of(shelved)
    return (*_observations(observations, source), *_facts(facts, source))


def clinical_of(entry: Entry, subject: Json) -> Clinical | None:
    """One entry of the profile; None where it is no resource here."""
    made = entry_resource(entry, subject)
    if made is None:
        return None
    at = made.get("onsetDateTime") or made.get("occurrenceDateTime")
    date = at or made.get("effectivePeriod", {}).get("start", "")
    return Clinical(
        made["resourceType"],
        entry.id,
        codes_of(entry),
        _coded(made.get("category")) if made["resourceType"] == "Condition" else "",
        date or made.get("period", {}).get("start", ""),
        made.get("status") or _coded([made.get("clinicalStatus")]),
        _checked(made),
    )


def _observations(observations: Sequence[Observation], source: Source) -> Iterator[Clinical]:
    for number, one in enumerate(observations):
        if one.is_heading:
            continue
        made = observation(one, source)
        made["id"] = f"{source.document}-r{number}"
        yield Clinical(
            "Observation",
            made["id"],
            frozenset({one.code} - {""}),
            source.category_of(one),
            made.get("effectiveDateTime", ""),
            made["status"],
            _checked(made),
            same_as(one),
        )


def _facts(facts: Sequence[Fact], source: Source) -> Iterator[Clinical]:
    for number, fact in enumerate(facts):
        name, make = MAKERS[fact.kind]
        made = make(fact, source) if concept_of(fact.what) else None
        if made is None:
            continue
        made |= {"resourceType": name, "id": f"{source.document}-f{number}"}
        codes = frozenset(one.code for one in (fact.what, *fact.also) if one.code)
        category, date = _coded(made.get("category")), date_time(fact.start) or ""
        status = made.get("status") or _coded([made.get("clinicalStatus")])
        yield Clinical(name, made["id"], codes, category, date, status, _checked(made))


def _coded(concepts: Any) -> str:
    """The code of the first of several concepts of ours; "" where there is none."""
    first = concepts[0] if concepts else None
    return str(first["coding"][0]["code"]) if isinstance(first, dict) else ""


def _checked(made: Json) -> bytes:
    from fhir.resources.R4B import get_fhir_model_class

    return json_of(get_fhir_model_class(made["resourceType"]), shortened(made))

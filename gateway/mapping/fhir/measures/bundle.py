"""A transaction Bundle of Device and Observation, as an application sends it (VAULT MEA-09).

All or nothing: one Observation that is no measure refuses the whole. What is computed here (IMC)
is answered and not kept, so that a scale may send all it knows.
"""

from collections.abc import Mapping, Sequence

from gateway.mapping.fhir.findings import error
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.measures.read import Life, Sent, read_observation
from gateway.mapping.fhir.taken.bundles.bundle import MAX_ENTRIES, entries_of
from gateway.mapping.fhir.taken.bundles.room import room_of
from gateway.mapping.fhir.values import obj, objs, text
from gateway.mapping.fhir.written.making import full
from gateway.mapping.fhir.written.outcome import outcome_json
from gateway.records.intake.finding import Finding, Severity

TAKEN = frozenset({"Observation", "Device"})
POST = "POST"


def is_of_measures(bundle: Json) -> bool:
    """A transaction of nothing but Device and Observation; any other is a deposit."""
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "transaction":
        return False
    kinds = [text(entry, "resource", "resourceType") for entry in entries_of(bundle)]
    return "Observation" in kinds and all(kind in TAKEN for kind in kinds)


def read_bundle(bundle: Json, life: Life) -> tuple[list[Sent], list[Finding]]:
    """Each Observation in its order, and why the whole cannot be taken: errors of any of them."""
    entries = entries_of(bundle)
    if len(entries) > MAX_ENTRIES:
        message = f"Send at most {MAX_ENTRIES} entries in one Bundle."
        return [], [error("bundle-entries", "Bundle.entry", message)]
    if len(entries) != len(objs(bundle, "entry")):
        return [], [error("bundle-entry", "Bundle.entry", "Each entry is an object.")]
    room = room_of(entries)
    sent, findings = [], []
    for number, entry in enumerate(entries):
        where, resource = f"Bundle.entry[{number}]", obj(entry, "resource")
        if text(entry, "request", "method") != POST:
            message = "A measure is sent by POST: correct one by its identifier."
            findings.append(error("bundle-request", f"{where}.request.method", message))
        if resource.get("resourceType") == "Observation":
            one = read_observation(resource, life, room=room, where=f"{where}.resource")
            sent.append(one)
            findings += [found for found in one.findings if found.severity is Severity.ERROR]
    return sent, findings


def response_of(bundle: Json, sent: Sequence[Sent], places: Mapping[str, tuple[str, bool]]) -> Json:
    """Bundle `transaction-response`, one entry for each entry sent. `places` says of the place of
    an Observation (`where`) the id it has here, and whether this Bundle made it. A Device is kept
    with its Observations, and has no address."""
    by_where = {one.where: one for one in sent}
    entries = []
    for number, _ in enumerate(entries_of(bundle)):
        where = f"Bundle.entry[{number}].resource"
        one, place = by_where.get(where), places.get(where)
        response: Json = {"status": "200 OK"}
        if place is not None:
            response = {
                "status": "201 Created" if place[1] else "200 OK",
                "location": f"Observation/{place[0]}",
            }
        if one is not None and one.findings:
            response["outcome"] = outcome_json(one.findings)
        entries.append({"response": full(response)})
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}

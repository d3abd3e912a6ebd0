"""An entry of the access log as AuditEvent, by the Basic Audit Log Patterns (IHE BALP 1.1).

A read goes from server (source, DCM 110153) to client (destination, 110152); every other act the
other way round. A refused try claims no profile: those of BALP are about what succeeded.
"""

import base64

from gateway.mapping.fhir.written.making import Json, full, instant, json_of
from gateway.records.patients.account import Trace

PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.Patient"
DCM = "http://dicom.nema.org/resources/ontology/DCM"
SOURCE, DESTINATION = "110153", "110152"
TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
INTERACTION = "http://hl7.org/fhir/restful-interaction"
ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
OBSERVER = "http://terminology.hl7.org/CodeSystem/security-source-type"
NETWORK_ADDRESS = "2"
READ = ("read", "R", "Read")
QUERY = ("search-type", "E", "Query")
CREATE = ("create", "C", "Create")
UPDATE = ("update", "U", "Update")
DELETE = ("delete", "D", "Delete")
LOGIN = ("110122", "E", "")
AUTHENTICATION = "110114"
ACTS = {
    "list": QUERY,
    "search": QUERY,
    "trace": QUERY,
    "journal": QUERY,
    "existence": QUERY,
    "authorised": QUERY,
    "listed": QUERY,
    "deposit": CREATE,
    "export-asked": CREATE,
    "choose": CREATE,
    "agree": CREATE,
    "block": CREATE,
    "replace": UPDATE,
    "mask": UPDATE,
    "unmask": UPDATE,
    "announce": UPDATE,
    "archive": UPDATE,
    "unarchive": UPDATE,
    "relabel": UPDATE,
    "identity": UPDATE,
    "opening": UPDATE,
    "manage": UPDATE,
    "refuse": UPDATE,
    "unblock": UPDATE,
    "treating": UPDATE,
    "emergency-choice": UPDATE,
    "delete": DELETE,
    "export-expired": DELETE,
    "login": LOGIN,
}
"""What is not here is a read."""


def interaction_of(trace: Trace) -> str:
    """The code that `subtype` is searched by."""
    return ACTS.get(trace.trace.action, READ)[0]


def type_of(trace: Trace) -> str:
    return AUTHENTICATION if ACTS.get(trace.trace.action) is LOGIN else "rest"


def audit_event(trace: Trace, patient: Json, observer: str) -> bytes:
    """`patient` is a Reference to whose record it is; `observer` names this server."""
    from fhir.resources.R4B.auditevent import AuditEvent

    one = trace.trace
    code, action, profile = ACTS.get(one.action, READ)
    roles = (DESTINATION, SOURCE) if code == "read" else (SOURCE, DESTINATION)
    made = {
        "resourceType": "AuditEvent",
        "id": str(trace.number),
        "meta": {"profile": [PROFILE + profile] if one.permitted and profile else []},
        "type": _coded(TYPE, "rest") if profile else _coded(DCM, AUTHENTICATION),
        "subtype": [_coded(INTERACTION if profile else DCM, code)],
        "action": action,
        "recorded": instant(trace.at),
        "outcome": "0" if one.permitted else "4",
        "outcomeDesc": f"{one.action} {one.rule}",
        "purposeOfEvent": _purpose() if one.emergency else [],
        "agent": [
            _machine(roles[0], one.door, one.address),
            _machine(roles[1], observer, ""),
            _user(trace),
        ],
        "source": {
            "observer": {"display": observer},
            "type": [{"system": OBSERVER, "code": "4", "display": "Application Server"}],
        },
        "entity": [
            {"what": patient, "type": _coded(ENTITY, "1"), "role": _coded(ROLE, "1")},
            _data(trace, is_query=code == "search-type"),
        ],
    }
    return json_of(AuditEvent, _with_false(full(made)))


def _with_false(made: Json) -> Json:
    """`requestor` is said of every agent, also where it is false."""
    for agent in made["agent"]:
        agent.setdefault("requestor", False)
    return made


def _coded(system: str, code: str) -> Json:
    return {"system": system, "code": code}


def _machine(role: str, name: str, address: str) -> Json:
    network = {"address": address, "type": NETWORK_ADDRESS} if address else {}
    return {
        "type": {"coding": [_coded(DCM, role)]},
        "who": {"display": name},
        "network": network,
    }


def _user(trace: Trace) -> Json:
    one = trace.trace
    names = ", ".join(part for part in (one.actor_name, one.organization) if part)
    return {
        "type": {"coding": [_coded(PARTICIPATION, "IRCP")]},
        "role": [{"text": one.profession or one.kind}],
        "who": {"identifier": {"value": one.actor}, "display": names},
        "requestor": True,
    }


def _data(trace: Trace, *, is_query: bool) -> Json:
    """The document, or the query: its words are never kept, so only its kind is said."""
    if is_query:
        asked = base64.b64encode(b"DocumentReference?patient").decode()
        return {"type": _coded(ENTITY, "2"), "role": _coded(ROLE, "24"), "query": asked}
    document = trace.trace.document
    what = {"reference": f"DocumentReference/{document}"} if document else {"display": "record"}
    return {"what": what, "type": _coded(ENTITY, "2"), "role": _coded(ROLE, "4")}


def _purpose() -> list[Json]:
    system = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
    return [{"coding": [_coded(system, "ETREAT")]}]

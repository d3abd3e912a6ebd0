"""The CapabilityStatement of `/fhir/metadata`: what we really answer, and nothing more."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from gateway import __version__
from gateway.mapping.fhir.clinical.criteria import CRITERIA, DATES

SEARCH_PARAMETERS = (
    ("_id", "token"),
    ("_lastUpdated", "date"),
    ("_tag", "token"),
    ("patient", "reference"),
    ("patient.identifier", "token"),
    ("status", "token"),
    ("identifier", "token"),
    ("type", "token"),
    ("category", "token"),
    ("date", "date"),
    ("creation", "date"),
    ("period", "date"),
    ("period-start", "date"),
    ("period-end", "date"),
    ("facility", "token"),
    ("setting", "token"),
    ("format", "token"),
    ("event", "token"),
    ("author.identifier", "token"),
    ("author.family", "string"),
    ("author.given", "string"),
    ("contenttype", "token"),
    ("security-label", "token"),
    ("related", "reference"),
    ("relatesto", "reference"),
    ("isArchived", "token"),
)
LIST_CRITERIA = {
    "_id": "token",
    "_lastUpdated": "date",
    "code": "token",
    "date": "date",
    "identifier": "token",
    "designationType": "token",
    "sourceId": "token",
    "source.family": "string",
    "source.given": "string",
}
"""By what submission sets are searched (ITI-66), besides their patient and status."""
AUDIT_CRITERIA = ("date", "type", "subtype", "outcome", "_id")
WHOSE = ({"name": "patient", "type": "reference"}, {"name": "patient.identifier", "type": "token"})
DOCREF = "http://hl7.org/fhir/uv/ipa/OperationDefinition/docref"
OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
SECURITY_SERVICE = "http://terminology.hl7.org/CodeSystem/restful-security-service"
PUBLISHED = datetime(2026, 11, 23, tzinfo=UTC)
CREATED = {
    "Observation": {
        "documentation": "Measures, of a service or of a person who is signed in; alone, or a"
        " transaction of Device and Observation."
    }
}
"""Of what documents hold, what is created by itself too, and by whom."""


@lru_cache(maxsize=4)
def capability_statement(base: str) -> bytes:
    """The statement of the server at `base`, as FHIR JSON."""
    from fhir.resources.R4B.capabilitystatement import CapabilityStatement

    statement: dict[str, Any] = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": PUBLISHED.date().isoformat(),
        "kind": "instance",
        "software": {"name": "Passerelle", "version": __version__},
        "implementation": {"description": "Passerelle, vault and gateway", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": _security(base),
                "resource": resources(),
                "interaction": [{"code": "transaction"}],
            }
        ],
    }
    text: str = CapabilityStatement.model_validate(statement).model_dump_json()
    return text.encode()


def resources() -> list[dict[str, Any]]:
    """What is done with each type: `/openapi.json` says the same."""
    return [
        _document_reference(),
        _binary(),
        _list(),
        _patient(),
        _appointment(),
        *_contents(),
        _audit_event(),
    ]


def _security(base: str) -> dict[str, Any]:
    """Where a service launches (SMART App Launch 2; the same as `smart-configuration`)."""
    root = base.removesuffix("/fhir")
    places = (("authorize", "/autoriser"), ("token", "/oauth/token"), ("revoke", "/oauth/revoke"))
    return {
        "description": "Bearer token, or the session of a signed-in person.",
        "service": [
            {
                "coding": [{"system": SECURITY_SERVICE, "code": "SMART-on-FHIR"}],
                "text": "OAuth2 using SMART-on-FHIR profile (see http://docs.smarthealthit.org)",
            }
        ],
        "extension": [
            {
                "url": OAUTH_URIS,
                "extension": [{"url": name, "valueUri": root + path} for name, path in places],
            }
        ],
    }


def _document_reference() -> dict[str, Any]:
    return {
        "type": "DocumentReference",
        "interaction": [{"code": code} for code in ("read", "vread", "search-type", "create")],
        "versioning": "versioned",
        "searchParam": [{"name": name, "type": kind} for name, kind in SEARCH_PARAMETERS],
        "operation": [{"name": "docref", "definition": DOCREF}],
    }


def _list() -> dict[str, Any]:
    """Submission sets, created by a transaction (ITI-65, ITI-66)."""
    names = LIST_CRITERIA | {"status": "token"}
    return {
        "type": "List",
        "interaction": [{"code": code} for code in ("read", "vread", "search-type")],
        "versioning": "versioned",
        "searchParam": [*WHOSE, *({"name": name, "type": kind} for name, kind in names.items())],
    }


def _patient() -> dict[str, Any]:
    return {
        "type": "Patient",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": name, "type": "token"} for name in ("_id", "identifier")],
    }


def _appointment() -> dict[str, Any]:
    """Of senders, each its own alone (GAP 3.0.0)."""
    names = {"identifier": "token", "actor": "reference", "status": "token", "date": "date"}
    return {
        "type": "Appointment",
        "documentation": "Of software that sends, each its own alone.",
        "interaction": [{"code": code} for code in ("create", "update", "read", "search-type")],
        "versioning": "versioned-update",
        "conditionalUpdate": True,
        "searchParam": [{"name": name, "type": kind} for name, kind in names.items()],
    }


def _audit_event() -> dict[str, Any]:
    """The access log of the reader's own record (IHE BALP)."""
    names = [(one, "date" if one == "date" else "token") for one in AUDIT_CRITERIA]
    return {
        "type": "AuditEvent",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [*WHOSE, *({"name": name, "type": kind} for name, kind in names)],
    }


def _contents() -> list[dict[str, Any]]:
    """Read of documents and written with them (decision 013); measures are created too (MEA-09)."""
    return [
        {
            "type": kind,
            **CREATED.get(kind, {}),
            "interaction": [
                *([{"code": "create"}] if kind in CREATED else []),
                {"code": "read"},
                {"code": "search-type"},
            ],
            "searchParam": [
                *WHOSE,
                *({"name": name, "type": "date" if name in DATES else "token"} for name in names),
            ],
        }
        for kind, names in CRITERIA.items()
    ]


def _binary() -> dict[str, Any]:
    return {"type": "Binary", "interaction": [{"code": "read"}, {"code": "vread"}]}

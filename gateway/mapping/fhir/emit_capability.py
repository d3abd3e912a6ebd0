"""The CapabilityStatement of `/fhir/metadata`: what we really answer, and nothing more."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from gateway import __version__

SEARCH_PARAMETERS = (
    ("_id", "token"),
    ("patient", "reference"),
    ("patient.identifier", "token"),
    ("status", "token"),
    ("identifier", "token"),
    ("type", "token"),
    ("category", "token"),
    ("date", "date"),
    ("creation", "date"),
    ("period", "date"),
    ("facility", "token"),
    ("setting", "token"),
    ("format", "token"),
    ("event", "token"),
    ("author.family", "string"),
    ("author.given", "string"),
    ("contenttype", "token"),
    ("security-label", "token"),
)
PUBLISHED = datetime(2026, 11, 21, tzinfo=UTC)


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
                "security": {"description": "Bearer token, or the session of a signed-in person."},
                "resource": [_document_reference(), _binary()],
                "interaction": [{"code": "transaction"}],
            }
        ],
    }
    text: str = CapabilityStatement.model_validate(statement).model_dump_json()
    return text.encode()


def _document_reference() -> dict[str, Any]:
    return {
        "type": "DocumentReference",
        "interaction": [{"code": "read"}, {"code": "search-type"}, {"code": "create"}],
        "searchParam": [{"name": name, "type": kind} for name, kind in SEARCH_PARAMETERS],
    }


def _binary() -> dict[str, Any]:
    return {"type": "Binary", "interaction": [{"code": "read"}]}

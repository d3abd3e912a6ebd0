"""Dates of a deposit that are none: each is left out, and said (FHIR R4, dateTime)."""

from collections.abc import Iterator
from typing import Any

from gateway.mapping.fhir.findings import warning
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.values import obj, objs, utc
from gateway.records.intake.finding import Finding


def date_findings(resource: Json, where: str) -> Iterator[Finding]:
    """`resource` is a DocumentReference, a SubmissionSet or a Composition."""
    for place, value in _dates(resource):
        if value is not None and utc(value) is None:
            message = "This is no date or dateTime of FHIR (with its offset): it was left out."
            yield warning("date", f"{where}.{place}", message)


def _dates(resource: Json) -> Iterator[tuple[str, Any]]:
    yield "date", resource.get("date")
    for number, content in enumerate(objs(resource, "content")):
        creation = obj(content, "attachment").get("creation")
        yield f"content[{number}].attachment.creation", creation
    event = next(iter(objs(resource, "event")), {})
    for name, told in (("context", obj(resource, "context")), ("event", event)):
        for end in ("start", "end"):
            yield f"{name}.period.{end}", obj(told, "period").get(end)

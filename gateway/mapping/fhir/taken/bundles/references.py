"""References of a deposit that lead nowhere: each is passed over, and said (MHD, ITI-65)."""

from collections.abc import Iterator

from gateway.mapping.fhir.findings import warning
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import Room
from gateway.mapping.fhir.values import obj, objs, text
from gateway.records.intake.finding import Finding

INSIDE = ("#", "urn:uuid:")
"""How a reference begins that can only mean something of the same deposit."""


def missing_findings(resource: Json, room: Room, where: str) -> Iterator[Finding]:
    """`resource` is a DocumentReference: who wrote, signed and keeps it, and whom it is about."""
    for place, reference in _people(resource):
        address = text(reference, "reference") or ""
        if address.startswith(INSIDE) and not room.resolve(reference, resource):
            message = "What this reference names is not in the deposit: it was passed over."
            yield warning("reference-missing", f"{where}.{place}", message)


def _people(resource: Json) -> Iterator[tuple[str, Json]]:
    yield "subject", obj(resource, "subject")
    for number, author in enumerate(objs(resource, "author")):
        yield f"author[{number}]", author
    yield "authenticator", obj(resource, "authenticator")
    yield "custodian", obj(resource, "custodian")
    yield "context.sourcePatientInfo", obj(resource, "context", "sourcePatientInfo")

"""HTTP requests of a sender (RFC 9110)."""

from collections.abc import Iterable

from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.subjects import Request

HTTP = Rules[Request](Volet.HTTP, "RFC 9110")
TYPES = {
    b"<": ("application/xml", "text/xml", "application/fhir+xml"),
    b"PK": ("application/zip",),
    b"MSH": ("application/hl7-v2", "application/hl7-v2+er7", "x-application/hl7-v2+er7"),
    b"{": ("application/fhir+json", "application/json"),
}


@HTTP.asks(
    "S-HTTP-01",
    "Content-Type says what the body is",
    fix="application/xml, application/zip, application/hl7-v2 or application/fhir+json.",
    source="RFC 9110, 8.3",
)
def kind(one: Request) -> Iterable[Fault]:
    start = one.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:3]
    wanted = next((types for mark, types in TYPES.items() if start.startswith(mark)), ())
    if one.kind not in wanted:
        yield wrong("Content-Type", one.kind, " or ".join(wanted) or "a type of this door", 200)


@HTTP.asks(
    "S-HTTP-02",
    "A token is sent",
    fix="Authorization: Bearer TOKEN, or a client certificate.",
    source="RFC 6750, 2.1",
)
def token(one: Request) -> Iterable[Fault]:
    if not one.headers.get("authorization", "").startswith("Bearer "):
        yield Fault("Authorization", "no bearer token")


@HTTP.asks(
    "S-HTTP-03",
    "An Idempotency-Key makes repeating safe",
    fix="Send one key a document, the same when you repeat it.",
    level=Level.SHOULD,
    source="IETF draft, Idempotency-Key",
)
def key(one: Request) -> Iterable[Fault]:
    value = one.headers.get("idempotency-key", "")
    if not 0 < len(value) <= 255:
        yield wrong("Idempotency-Key", value, "1 to 255 characters")


@HTTP.asks(
    "S-HTTP-04",
    "Documents are posted",
    fix="POST to the documents' path or the FHIR base.",
    source="RFC 9110, 9.3.3",
)
def method(one: Request) -> Iterable[Fault]:
    if one.method != "POST":
        yield wrong("method", one.method, "POST")

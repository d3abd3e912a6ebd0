"""ITI-68 Retrieve Document (IHE MHD 2:3.68; CI-SIS PDSm, flux 06)."""

import base64
import hashlib
from typing import Any

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.checks.fhir.find import provided
from conformance.checks.fhir.provide import said
from conformance.made.cda import Paper
from conformance.requirement import Level, Volet
from conformance.verdict import expect
from conformance.wire.http import Reply

OPEN = Chapter(Volet.FHIR, "IHE MHD, 2:3.68 (ITI-68)")


def attached(bench: Bench) -> tuple[Paper, dict[str, Any], str]:
    """A document, its attachment and the path of its content."""
    what = provided(bench)
    found = bench.filed(what.id)
    expect(len(found) == 1, f"{len(found)} current documents with its id")
    attachment: dict[str, Any] = found[0]["content"][0]["attachment"]
    url = str(attachment["url"])
    if url.startswith(bench.target.http):
        path = url.removeprefix(bench.target.http)
    else:
        path = url if url.startswith("/") else f"{bench.target.fhir}/{url}"
    return what, attachment, path


def opened(bench: Bench, path: str, accept: str = "*/*") -> Reply:
    return bench.web.ask("GET", path, headers=bench.reader | {"Accept": accept})


@OPEN.asks(
    "ITI-68-01",
    "The document comes as it was sent",
    fix="Answer the very bytes, not a rendering of them.",
)
def same_bytes(bench: Bench) -> None:
    what, attachment, path = attached(bench)
    reply = opened(bench, path, str(attachment["contentType"]))
    expect(reply.status == 200, said(reply))
    expect(reply.body == what.cda(), f"{len(reply.body)} bytes, {len(what.cda())} were sent")


@OPEN.asks(
    "ITI-68-02",
    "Its type is that of the attachment",
    fix="Content-Type is attachment.contentType.",
)
def same_type(bench: Bench) -> None:
    _, attachment, path = attached(bench)
    reply = opened(bench, path, str(attachment["contentType"]))
    expect(
        reply.kind == attachment["contentType"], f"{reply.kind}, not {attachment['contentType']}"
    )


@OPEN.asks(
    "ITI-68-03",
    "As FHIR it is a Binary",
    fix="With Accept: application/fhir+json answer a Binary resource.",
    source="FHIR R4, binary.html#rest",
)
def as_binary(bench: Bench) -> None:
    _, _, path = attached(bench)
    reply = opened(bench, path, "application/fhir+json")
    body = reply.json
    good = isinstance(body, dict) and body.get("resourceType") == "Binary"
    expect(reply.status == 200 and good, said(reply))


@OPEN.asks("ITI-68-04", "An unknown document: 404", fix="The same answer for none and not yours.",
           source="IHE MHD, 2:3.68.4.2")  # fmt: skip
def unknown(bench: Bench) -> None:
    _, _, path = attached(bench)
    other = path.rpartition("/")[0] + "/00000000000000000000000000000000"
    reply = opened(bench, other)
    expect(reply.status == 404, said(reply))


@OPEN.asks("ITI-68-05", "Without a token: 401", fix="Ask for a token.", source="RFC 9110, 15.5.2")
def no_token(bench: Bench) -> None:
    _, _, path = attached(bench)
    reply = bench.web.ask("GET", path)
    expect(reply.status == 401, said(reply))


@OPEN.asks(
    "ITI-68-06",
    "A type that cannot be met: 406",
    fix="Answer 406 to an Accept that is neither the document's type nor FHIR.",
    source="IHE MHD, 2:3.68.4.2; RFC 9110, 15.5.7",
)
def other_type(bench: Bench) -> None:
    _, _, path = attached(bench)
    reply = opened(bench, path, "image/png")
    expect(reply.status == 406, said(reply))


@OPEN.asks(
    "ITI-68-07",
    "Browsers neither guess the type nor keep the document",
    fix="X-Content-Type-Options: nosniff and Cache-Control: no-store.",
    source="OWASP, HTTP security headers; FHIR R4, security.html",
    level=Level.SHOULD,
)
def headers(bench: Bench) -> None:
    _, _, path = attached(bench)
    found = opened(bench, path).headers
    expect(found.get("x-content-type-options") == "nosniff", "no X-Content-Type-Options: nosniff")
    expect("no-store" in found.get("cache-control", ""), "no Cache-Control: no-store")


@OPEN.asks(
    "ITI-68-08",
    "hash and size are those of the document",
    fix="attachment.hash is base64 of SHA-1, size the number of raw bytes.",
    source="FHIR R4, Attachment; CI-SIS PDSm",
)
def measured(bench: Bench) -> None:
    what, attachment, _ = attached(bench)
    digest = hashlib.sha1(what.cda(), usedforsecurity=False).digest()
    expect(attachment.get("size") == len(what.cda()), f"size is {attachment.get('size')}")
    expect(attachment.get("hash") == base64.b64encode(digest).decode(), "hash is another")


@OPEN.asks(
    "ITI-68-09",
    "The metadata keep what was sent",
    fix="type, category, language, format, setting and facility come back as they went in.",
    source="CI-SIS PDSm, Comprehensive DocumentReference",
)
def metadata(bench: Bench) -> None:
    what = provided(bench)
    found = bench.filed(what.id)[0]
    context = found.get("context", {})
    came = {
        "type": found["type"]["coding"][0].get("code"),
        "category": found["category"][0]["coding"][0].get("code"),
        "language": found["content"][0]["attachment"].get("language"),
        "format": found["content"][0].get("format", {}).get("code"),
        "setting": context.get("practiceSetting", {}).get("coding", [{}])[0].get("code"),
        "facility": context.get("facilityType", {}).get("coding", [{}])[0].get("code"),
    }
    wanted = {"type": what.type, "category": "10", "language": "fr-FR",
              "format": "urn:ihe:lab:xd-lab:2008", "setting": "AMBULATOIRE",
              "facility": "SA25"}  # fmt: skip
    lost = {name: came[name] for name in wanted if came[name] != wanted[name]}
    expect(not lost, f"came back otherwise: {lost}")

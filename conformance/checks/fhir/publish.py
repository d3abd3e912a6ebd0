"""ITI-105 and ITI-106, and changes of metadata (IHE MHD; CI-SIS PDSm, flux 02 and 03)."""

import json

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.checks.fhir.provide import accepted, made, said
from conformance.made.cda import Paper, paper
from conformance.made.fhir import binary, simplified
from conformance.requirement import Level, Volet
from conformance.verdict import SkippedError, expect
from conformance.wire.http import Reply

SIMPLE = Chapter(Volet.FHIR, "IHE MHD, 2:3.105 (ITI-105)")
UPDATE = Chapter(Volet.FHIR, "CI-SIS PDSm 3.1, flux 03")
PATCH = "application/json-patch+json"
VISIBILITY = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/"
    "TRE-A07-StatutVisibiliteDocument"
)


def published(bench: Bench, resource: object) -> Reply:
    return bench.fhir("POST", "/DocumentReference", json.dumps(resource).encode())


def posted(bench: Bench) -> tuple[Paper, Reply]:
    what = paper(bench.who, bench.serial)
    reply = published(bench, simplified(what))
    expect(reply.status == 201, said(reply))
    return what, reply


@SIMPLE.asks(
    "ITI-105-01",
    "One DocumentReference with its data is filed: 201",
    fix="Cut the document out of data, make the Binary and the SubmissionSet, answer 201.",
)
def one(bench: Bench) -> None:
    what, _ = posted(bench)
    found = len(bench.filed(what.id))
    expect(found == 1, f"{found} current documents with its id")


@SIMPLE.asks(
    "ITI-105-02",
    "The answer says where the resource is",
    fix="Location: [base]/DocumentReference/id.",
    source="FHIR R4, http.html#create; IHE MHD, 2:3.105.4.2",
)
def location(bench: Bench) -> None:
    _, reply = posted(bench)
    place = reply.headers.get("location", "")
    expect("/DocumentReference/" in place, f"Location is {place!r}")


@SIMPLE.asks(
    "ITI-105-03",
    "The data are not sent back",
    fix="Answer the resource without data, or an OperationOutcome.",
    level=Level.SHOULD,
    source="CI-SIS PDSm, flux 02",
)
def no_echo(bench: Bench) -> None:
    what, reply = posted(bench)
    data = simplified(what)["content"][0]["attachment"]["data"]
    expect(data.encode() not in reply.body, "the document comes back in the answer")


@SIMPLE.asks(
    "ITI-105-07",
    "The answer is the resource, with its id, its version and its time",
    fix="Answer the DocumentReference as it reads: id, meta.versionId and meta.lastUpdated.",
    level=Level.SHOULD,
    source="FHIR R4, http.html#create and #ops (Prefer)",
)
def told(bench: Bench) -> None:
    _, reply = posted(bench)
    body = reply.json if isinstance(reply.json, dict) else {}
    meta = body.get("meta", {})
    expect(body.get("resourceType") == "DocumentReference", f"{body.get('resourceType')} came")
    own, place = str(body.get("id")), reply.headers.get("location", "")
    expect(f"DocumentReference/{own}" in place, f"id {own!r}, Location {place!r}")
    expect({"versionId", "lastUpdated"} <= set(meta), f"meta has {sorted(meta)}")


@SIMPLE.asks(
    "ITI-105-04",
    "Without data it is refused",
    fix="data is 1..1 and url 0..0 here.",
    source="CI-SIS PDSm, Simplified Publish",
)
def no_data(bench: Bench) -> None:
    resource = simplified(paper(bench.who, bench.serial))
    del resource["content"][0]["attachment"]["data"]
    reply = published(bench, resource)
    expect(reply.status in (400, 422), said(reply))


@SIMPLE.asks(
    "ITI-105-05",
    "Data that are not base64 are refused",
    fix="base64 is strict here: 400 or 422.",
    source="FHIR R4, datatypes.html#base64Binary",
)
def bad_data(bench: Bench) -> None:
    resource = simplified(paper(bench.who, bench.serial))
    resource["content"][0]["attachment"]["data"] = "pas du base64 !"
    reply = published(bench, resource)
    expect(reply.status in (400, 422), said(reply))


@SIMPLE.asks(
    "ITI-105-06",
    "A subject is needed",
    fix="subject is 1..1.",
    source="CI-SIS PDSm, Simplified Publish",
)
def no_subject(bench: Bench) -> None:
    resource = simplified(paper(bench.who, bench.serial))
    del resource["subject"]
    reply = published(bench, resource)
    expect(reply.status in (400, 422), said(reply))


@SIMPLE.asks(
    "ITI-106-01",
    "$generate-metadata derives the metadata of a CDA",
    fix="Offer POST DocumentReference/$generate-metadata, or declare that it is not offered.",
    source="IHE MHD, 2:3.106 (ITI-106)",
    level=Level.SHOULD,
)
def generated(bench: Bench) -> None:
    document = binary(paper(bench.who, bench.serial).cda())
    body = {
        "resourceType": "Parameters",
        "parameter": [{"name": "document", "resource": document}],
    }
    path = "/DocumentReference/$generate-metadata"
    reply = bench.fhir("POST", path, json.dumps(body).encode())
    expect(reply.status in (200, 201), said(reply))


def patched(bench: Bench, path: str, value: object) -> Reply:
    what, bundle = made(bench)
    accepted(bench, bundle)
    resource = bench.filed(what.id)[0]
    change = [{"op": "replace", "path": path, "value": value}]
    where = f"/DocumentReference/{resource['id']}"
    return bench.fhir("PATCH", where, json.dumps(change).encode(), Content_Type=PATCH)


def hidden(bench: Bench) -> Reply:
    label = [{"coding": [{"system": VISIBILITY, "code": "MASQUE_PS"}]}]
    return patched(bench, "/securityLabel", label)


@UPDATE.asks(
    "PDSM-03-01",
    "The author may hide a document by PATCH of securityLabel",
    fix="Take PATCH of status, securityLabel and isArchived.",
)
def masked(bench: Bench) -> None:
    reply = hidden(bench)
    expect(reply.status == 200, said(reply))


@UPDATE.asks(
    "PDSM-03-02",
    "PATCH of another element: 405",
    fix="Only status, securityLabel and isArchived may change.",
)
def other_element(bench: Bench) -> None:
    if hidden(bench).status != 200:
        raise SkippedError("PATCH of DocumentReference is not offered (PDSM-03-01)")
    reply = patched(bench, "/type/coding/0/code", "11488-4")
    expect(reply.status == 405, said(reply))

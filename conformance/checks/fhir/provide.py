"""ITI-65 Provide Document Bundle (IHE MHD 2:3.65; CI-SIS PDSm, flux 01)."""

from typing import Any

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.cda import Paper, paper
from conformance.made.fhir import Transaction, transaction
from conformance.requirement import Level, Volet
from conformance.verdict import expect
from conformance.wire.http import Reply

PROVIDE = Chapter(Volet.FHIR, "IHE MHD, 2:3.65 (ITI-65)")


def made(bench: Bench, **changes: str) -> tuple[Paper, Transaction]:
    what = paper(bench.who, bench.serial, **changes)
    return what, transaction(what, serial=bench.serial)


def provided(bench: Bench, raw: bytes, **headers: str) -> Reply:
    return bench.fhir("POST", "", raw, **headers)


def accepted(bench: Bench, bundle: Transaction) -> dict[str, Any]:
    """The body of a 200. Raises NotMetError."""
    reply = provided(bench, bundle.raw())
    body = reply.json
    expect(reply.status == 200 and isinstance(body, dict), said(reply))
    return dict(body)


def refused(bench: Bench, raw: bytes, *statuses: int) -> Reply:
    reply = provided(bench, raw)
    wanted = statuses or (400, 404, 409, 412, 422)
    expect(reply.status in wanted, f"{said(reply)}; wanted {' or '.join(map(str, wanted))}")
    return reply


def said(reply: Reply) -> str:
    body = reply.json
    issues = body.get("issue", []) if isinstance(body, dict) else []
    texts = [str(one.get("diagnostics") or one.get("code")) for one in issues[:2]]
    return f"HTTP {reply.status}{': ' + '; '.join(texts) if texts else ''}"[:300]


@PROVIDE.asks(
    "ITI-65-01",
    "A right bundle is answered 200",
    fix="Take a transaction of List, DocumentReference and Binary.",
)
def right(bench: Bench) -> None:
    accepted(bench, made(bench)[1])


@PROVIDE.asks(
    "ITI-65-02",
    "The answer is a transaction-response",
    fix="Bundle.type is transaction-response.",
    source="IHE MHD, 2:3.65.4.2; FHIR R4, http.html#transaction-response",
)
def response_type(bench: Bench) -> None:
    body = accepted(bench, made(bench)[1])
    found = (body.get("resourceType"), body.get("type"))
    expect(found == ("Bundle", "transaction-response"), f"{found}")


@PROVIDE.asks(
    "ITI-65-03",
    "One entry of the answer for each entry, in order",
    fix="Answer every entry, with response.status 201, and a location for what is read here.",
    source="FHIR R4, http.html#transaction-response",
)
def entries(bench: Bench) -> None:
    bundle = made(bench)[1]
    found = accepted(bench, bundle).get("entry", [])
    wanted = [one["resource"]["resourceType"] for one in bundle.bundle()["entry"]]
    places = [str(one.get("response", {}).get("location", "")) for one in found]
    codes = [str(one.get("response", {}).get("status", ""))[:3] for one in found]
    expect(len(found) == len(wanted), f"{len(found)} entries for {len(wanted)}")
    expect(set(codes) <= {"200", "201"}, f"statuses {codes}")
    right = all(
        f"{name}/" in place or (name == "List" and not place)  # a server may keep no List
        for name, place in zip(wanted, places, strict=True)
    )
    expect(right, f"locations {places} for {wanted}")


@PROVIDE.asks(
    "ITI-65-04",
    "What was answered 200 is found at once",
    fix="Answer after the commit that makes the document readable.",
    source="IHE MHD, 2:3.65.4.1.3",
)
def found_at_once(bench: Bench) -> None:
    what, bundle = made(bench)
    accepted(bench, bundle)
    found = len(bench.filed(what.id))
    expect(found == 1, f"{found} current documents with its id")


@PROVIDE.asks(
    "ITI-65-05",
    "A bundle of two documents files both",
    fix="Take 1..* DocumentReference.",
)
def two(bench: Bench) -> None:
    papers = [paper(bench.who, bench.serial) for _ in range(2)]
    accepted(bench, transaction(*papers, serial=bench.serial))
    found = [len(bench.filed(one.id)) for one in papers]
    expect(found == [1, 1], f"current documents: {found}")


@PROVIDE.asks(
    "ITI-65-06",
    "All or nothing",
    fix="One bad entry refuses the whole transaction; nothing of it is kept.",
    source="FHIR R4, http.html#transaction (atomic)",
)
def atomic(bench: Bench) -> None:
    papers = [paper(bench.who, bench.serial) for _ in range(2)]
    bundle = transaction(*papers, serial=bench.serial)
    bundle.references[1]["content"][0]["attachment"]["hash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
    refused(bench, bundle.raw())
    expect(not bench.filed(papers[0].id), "the good half of it was filed")


@PROVIDE.asks(
    "ITI-65-19",
    "relatesTo replaces supersedes",
    fix="The document replaced is superseded in the same transaction.",
    source="IHE MHD, 2:3.65.4.1.3; FHIR R4, DocumentReference.relatesTo",
)
def replaces(bench: Bench) -> None:
    before, first = made(bench)
    accepted(bench, first)
    resource = bench.filed(before.id)[0]
    newer = before.next(bench.serial)
    second = transaction(newer, serial=bench.serial)
    target = {"reference": f"DocumentReference/{resource['id']}"}
    second.references[0]["relatesTo"] = [{"code": "replaces", "target": target}]
    accepted(bench, second)
    found = [len(bench.filed(one.id)) for one in (before, newer)]
    expect(found == [0, 1], f"current documents: {found}")


@PROVIDE.asks(
    "ITI-65-20",
    "The same bundle again creates nothing",
    fix="The same masterIdentifier with the same bytes: 200, and one document.",
    source="IHE ITI TF-3, 4.2.3.2.26 (uniqueId)",
)
def again(bench: Bench) -> None:
    what, bundle = made(bench)
    for _ in range(2):
        accepted(bench, bundle)
    expect(len(bench.filed(what.id)) == 1, "filed twice")


@PROVIDE.asks(
    "ITI-65-24",
    "The entry of a document that was there before says 200",
    fix="201 is for what this transaction created.",
    source="FHIR R4, http.html#transaction-response",
    level=Level.SHOULD,
)
def status_of_a_copy(bench: Bench) -> None:
    what, bundle = made(bench)
    accepted(bench, bundle)
    for sent in (bundle, transaction(what, serial=bench.serial)):
        entry = accepted(bench, sent)["entry"][1]
        status = str(entry.get("response", {}).get("status", ""))
        expect(status.startswith("200"), f"status of the DocumentReference: {status!r}")


@PROVIDE.asks(
    "ITI-65-21",
    "The same masterIdentifier with other bytes: 409",
    fix="An id is bound to its bytes.",
    source="IHE ITI TF-3, 4.2.3.2.26; FHIR R4, http.html#create",
)
def other_content(bench: Bench) -> None:
    what, bundle = made(bench)
    accepted(bench, bundle)
    other = transaction(what.but(text="Tout autre chose."), serial=bench.serial)
    refused(bench, other.raw(), 409, 422)


@PROVIDE.asks(
    "ITI-65-22",
    "The bundle may come as XML",
    fix="Take application/fhir+xml beside application/fhir+json: MHD asks both of a Recipient.",
    source="IHE MHD, 2:3.65.4.1.2 (both encodings)",
)
def as_xml(bench: Bench) -> None:
    raw = b'<Bundle xmlns="http://hl7.org/fhir"><type value="transaction"/></Bundle>'
    reply = provided(bench, raw, Content_Type="application/fhir+xml")
    taken = reply.status < 500 and reply.status not in (406, 415)
    expect(taken, f"{said(reply)}: the type is not taken")


@PROVIDE.asks(
    "ITI-65-23",
    "A conditional reference to the patient is resolved",
    fix="Resolve Patient?identifier=… inside a transaction; 412 when it matches none.",
    source="FHIR R4, http.html#trules; CI-SIS PDSm4DMP",
    level=Level.SHOULD,
)
def conditional(bench: Bench) -> None:
    what, bundle = made(bench)
    who = what.who
    patient = {"reference": f"Patient?identifier=urn:oid:{who.oid}|{who.ins}"}
    bundle.submission["subject"] = bundle.references[0]["subject"] = patient
    accepted(bench, bundle)

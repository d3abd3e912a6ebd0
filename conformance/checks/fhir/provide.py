"""ITI-65 Provide Document Bundle (IHE MHD 2:3.65; CI-SIS PDSm, flux 01)."""

import json
from typing import Any

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.cda import Paper, paper
from conformance.made.fhir import Transaction, subject, transaction
from conformance.requirement import Level, Volet
from conformance.verdict import SkippedError, expect
from conformance.wire.http import Reply

PROVIDE = Chapter(Volet.FHIR, "IHE MHD, 2:3.65 (ITI-65)")
R4 = Chapter(Volet.FHIR, "FHIR R4, http.html#transaction")
DEEP = 500


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
    fix="Answer every entry, with response.status 201 and a location.",
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
    right = all(f"{name}/" in place for name, place in zip(wanted, places, strict=True))
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
    "ITI-65-10",
    "A false hash is refused: 422",
    fix="hash is base64 of SHA-1 of the raw bytes: compare it with them.",
    source="FHIR R4, Attachment.hash; IHE MHD, 2:3.65.4.1.2",
)
def false_hash(bench: Bench) -> None:
    bundle = made(bench)[1]
    bundle.attachment["hash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
    refused(bench, bundle.raw(), 422)


@PROVIDE.asks("ITI-65-11", "A false size is refused: 422", fix="size counts the raw bytes.",
              source="FHIR R4, Attachment.size; IHE MHD, 2:3.65.4.1.2")  # fmt: skip
def false_size(bench: Bench) -> None:
    bundle = made(bench)[1]
    bundle.attachment["size"] = 7
    refused(bench, bundle.raw(), 422)


@PROVIDE.asks(
    "ITI-65-12",
    "One patient over the whole bundle",
    fix="List and every DocumentReference have the same subject.",
    source="IHE MHD, 2:3.65.4.1.2; IHE ITI TF-3, 4.2.1",
)
def two_patients(bench: Bench) -> None:
    what, bundle = made(bench)
    other = bench.target.second or bench.nobody
    bundle.submission["subject"] = subject(paper(other, bench.serial))
    refused(bench, bundle.raw(), 422)
    expect(not bench.filed(what.id), "filed all the same")


@PROVIDE.asks(
    "ITI-65-13",
    "A bundle without a SubmissionSet is refused",
    fix="Exactly one List of code submissionset.",
)
def no_submission(bench: Bench) -> None:
    bundle = made(bench)[1]
    bundle.submission = {}
    refused(bench, bundle.raw())


@PROVIDE.asks(
    "ITI-65-14",
    "A bundle without a document is refused",
    fix="PDSm asks 1..* DocumentReference.",
    source="CI-SIS PDSm, flux 01",
)
def no_document(bench: Bench) -> None:
    bundle = made(bench)[1]
    bundle.references, bundle.submission["entry"] = [{}], []
    refused(bench, bundle.raw())


@PROVIDE.asks(
    "ITI-65-15",
    "An attachment that is not in the bundle is refused, and not fetched",
    fix="Fetch no address of a document: 422.",
    source="IHE MHD, 2:3.65.4.1.2; OWASP, server-side request forgery",
)
def elsewhere(bench: Bench) -> None:
    bundle = made(bench)[1]
    bundle.attachment["url"] = "http://127.0.0.1:9/document.xml"
    refused(bench, bundle.raw(), 422)


@PROVIDE.asks(
    "ITI-65-16",
    "An attachment whose Binary is missing is refused",
    fix="Every url of the bundle points at an entry of it.",
)
def no_binary(bench: Bench) -> None:
    bundle = made(bench)[1]
    bundle.binaries = [{}]
    refused(bench, bundle.raw())


@PROVIDE.asks(
    "ITI-65-17",
    "The CDA inside is that of the metadata",
    fix="Compare type and patient of the DocumentReference with the CDA header.",
    source="CI-SIS, mapping CDA vers XDS; PDSm",
)
def other_cda(bench: Bench) -> None:
    if bench.target.second is None:
        raise SkippedError("a second patient of the target is needed")
    theirs = paper(bench.target.second, bench.serial)
    bundle = transaction(theirs, serial=bench.serial)
    mine = subject(paper(bench.who, bench.serial))
    for one in (bundle.submission, bundle.references[0]):
        one["subject"] = mine
    reply = provided(bench, bundle.raw())
    expect(reply.status in (202, 409, 412, 422), said(reply))


@PROVIDE.asks(
    "ITI-65-18",
    "A patient without a record is refused",
    fix="422 (or 412 for a conditional reference), naming the subject.",
)
def unknown_patient(bench: Bench) -> None:
    what = paper(bench.nobody, bench.serial)
    refused(bench, transaction(what, serial=bench.serial).raw(), 404, 412, 422)


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


@R4.asks("ITI-65-30", "What is no JSON: 400", fix="Answer 400 with an OperationOutcome.",
         source="FHIR R4, http.html#create")  # fmt: skip
def no_json(bench: Bench) -> None:
    refused(bench, b"{", 400)


@R4.asks("ITI-65-31", "A key written twice: 400", fix="JSON readers differ on which one counts.",
         source="FHIR R4, json.html; RFC 8259, 4")  # fmt: skip
def twice(bench: Bench) -> None:
    raw = (
        made(bench)[1]
        .raw()
        .replace(b'"type": "transaction"', b'"type": "batch", "type": "transaction"', 1)
    )
    refused(bench, raw, 400, 422)


@R4.asks("ITI-65-32", "JSON nested without end: 400", fix="Bound the depth before parsing.",
         source="RFC 8259, 9")  # fmt: skip
def deep(bench: Bench) -> None:
    raw = b'{"resourceType":"Bundle","x":' + b"[" * DEEP + b"]" * DEEP + b"}"
    refused(bench, raw, 400, 413, 422)


@R4.asks(
    "ITI-65-33",
    "Every refusal is an OperationOutcome",
    fix="Body of 4xx and 5xx: resourceType OperationOutcome, with severity and code.",
    source="FHIR R4, http.html#2.21.0.4 and operationoutcome.html",
)
def outcome(bench: Bench) -> None:
    body = refused(bench, b"{").json
    issue = (body.get("issue") or [{}])[0] if isinstance(body, dict) else {}
    kind = body.get("resourceType") if isinstance(body, dict) else None
    expect(kind == "OperationOutcome" and issue.get("severity") and issue.get("code"), f"{body}")


@R4.asks(
    "ITI-65-34",
    "No token: 401 with WWW-Authenticate",
    fix="Answer 401 before the body is looked at.",
    source="RFC 9110, 15.5.2; IHE IUA",
)
def no_token(bench: Bench) -> None:
    headers = {"Content-Type": "application/fhir+json"}
    reply = bench.web.ask("POST", bench.target.fhir, made(bench)[1].raw(), headers)
    expect(reply.status == 401 and "www-authenticate" in reply.headers, said(reply))


@R4.asks(
    "ITI-65-35",
    "A type that is not FHIR: 415",
    fix="Answer 415 to a Content-Type that is not taken.",
    source="FHIR R4, http.html#mime-type",
)
def other_type(bench: Bench) -> None:
    reply = provided(bench, b"<a/>", Content_Type="text/plain")
    expect(reply.status == 415, said(reply))


@R4.asks(
    "ITI-65-36",
    "A refusal holds no identity",
    fix="Name the element (expression), not its value.",
    source="RGPD, article 5 (minimisation); FHIR R4, security.html",
)
def no_identity(bench: Bench) -> None:
    what, bundle = made(bench)
    bundle.attachment["size"] = 7
    text = json.dumps(refused(bench, bundle.raw()).json)
    traits = (what.who.ins, what.who.family)
    expect(not any(one in text for one in traits), "a trait of the patient is in it")


@R4.asks(
    "ITI-65-37",
    "A resource of another type is refused",
    fix="Only a Bundle is posted to the base: answer 4xx.",
    source="FHIR R4, http.html#transaction",
)
def no_bundle(bench: Bench) -> None:
    refused(bench, b'{"resourceType":"Patient"}', 400, 403, 404, 405, 422, 501)

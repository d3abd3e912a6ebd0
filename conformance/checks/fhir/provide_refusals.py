"""What a Document Recipient refuses (IHE MHD 2:3.65; FHIR R4, http.html)."""

import json

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.checks.fhir.provide import PROVIDE, made, provided, refused, said
from conformance.made.cda import paper
from conformance.made.fhir import subject, transaction
from conformance.requirement import Volet
from conformance.verdict import SkippedError, expect

R4 = Chapter(Volet.FHIR, "FHIR R4, http.html#transaction")
DEEP = 500


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
    false = made(bench)[1]
    false.attachment["size"] = 7
    replies = [
        refused(bench, b"{"),
        refused(bench, false.raw()),
        provided(bench, b"<a/>", Content_Type="text/plain"),
        bench.fhir("GET", "/DocumentReference/rien"),
    ]
    for reply in replies:
        body = reply.json
        issue = (body.get("issue") or [{}])[0] if isinstance(body, dict) else {}
        right = isinstance(body, dict) and body.get("resourceType") == "OperationOutcome"
        right = right and bool(issue.get("severity") and issue.get("code"))
        expect(reply.status >= 400 and right, f"{said(reply)}: no OperationOutcome")


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

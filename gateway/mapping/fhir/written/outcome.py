"""Answers of the FHIR door as plain JSON: OperationOutcome and transaction-response.

No model library: these few shapes are small and on the path of every deposit.
"""

from collections.abc import Iterator, Mapping, Sequence

from gateway.mapping.fhir.json import Json, load_json
from gateway.mapping.fhir.taken.bundles.bundle import (
    entries_of,
    is_submission_set,
    resources,
)
from gateway.mapping.fhir.taken.bundles.room import room_of
from gateway.mapping.fhir.values import obj, objs, text
from gateway.mapping.fhir.written.emit import reference_of
from gateway.mapping.fhir.written.kept import just_filed
from gateway.mapping.fhir.written.making import full, plain
from gateway.records.documents.document import Document
from gateway.records.intake.filing import Filed
from gateway.records.intake.finding import Finding, Severity

STATUSES = {
    "json-too-big": 413,
    "unsupported-type": 415,
    "bundle-entries": 413,
    "contents-many": 413,
    "unique-id-conflict": 409,
    "document-withdrawn": 409,
    "deposit-denied": 403,
    "denied": 403,
    "fhir-resource-type": 400,
    "body-unreadable": 400,
    "idempotency-key": 400,
    "not-author": 403,
    "replaced-unknown": 404,
    "fhir-resource-not-taken": 403,
    "if-none-exist": 412,
}
ISSUES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "information"}
ISSUE_CODES = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    409: "conflict",
    412: "conflict",
    413: "too-costly",
    415: "not-supported",
    400: "structure",
    422: "business-rule",
    408: "timeout",
    500: "exception",
    503: "transient",
    507: "no-store",
}
"""Words of R4's issue-type for the status that goes with them."""
HEADERS = frozenset(
    {"Authorization", "Content-Encoding", "Content-Type", "Idempotency-Key", "If-None-Exist"}
)
WHOLE = "/"
UNPROCESSABLE, MALFORMED = 422, 400
BYTES_VERSION = "1"
"""Of each Binary, whose bytes never change."""
CHANGING = ("PATCH", "PUT", "GET")
"""Methods of entries that make nothing new."""


def refusal_status(findings: Sequence[Finding]) -> int:
    """The HTTP status of a refused deposit (FHIR.md section 5): that of its first error."""
    for one in findings:
        if one.severity is Severity.ERROR:
            return status_of(one)
    return UNPROCESSABLE


def status_of(finding: Finding) -> int:
    if finding.code in STATUSES:
        return STATUSES[finding.code]
    return MALFORMED if finding.code.startswith("json-") else UNPROCESSABLE


def outcome_json(findings: Sequence[Finding], *, status: int | None = None) -> Json:
    """OperationOutcome: one issue a finding; an empty one says that all is well.

    `status` is that of the answer, where it follows from the request and from no finding.
    """
    issues = [_issue(one, status) for one in sorted(findings, key=_urgency)]
    if not issues:
        issues = [{"severity": "information", "code": "informational"}]
    return {"resourceType": "OperationOutcome", "issue": issues}


def _urgency(finding: Finding) -> int:
    """What decided comes first: many senders read one issue."""
    return tuple(ISSUES).index(finding.severity)


def _issue(finding: Finding, status: int | None) -> Json:
    told = finding.severity is not Severity.ERROR
    about = status_of(finding) if status is None else status
    code = "informational" if told else ISSUE_CODES.get(about, "processing")
    return full(
        {
            "severity": ISSUES[finding.severity],
            "code": code,
            "details": {"text": finding.code},
            "diagnostics": finding.message,
            **_place(finding.where),
        }
    )


def _place(where: str) -> Json:
    """`location` for a header of the request, `expression` for an element, none for the whole."""
    if where in HEADERS:
        return {"location": [f"http.{where}"]}
    return {} if where == WHOLE else {"expression": [plain(where)]}


def transaction_response(
    raw: bytes,
    filed: Sequence[Filed],
    *,
    documents: Sequence[Document] = (),
    findings: Sequence[Finding] = (),
    copy: bool = False,
    receipt: str = "",
) -> Json:
    """Bundle `transaction-response`: one entry for each entry sent, in the same order.

    A DocumentReference and its Binary are found under our id of the document, in the version that
    was filed of `documents`; the SubmissionSet under the `receipt`, if it brought anything new. 201
    is what this Bundle made: a document that was here before is 200, and so is each entry of an
    exact `copy`. Warnings stand in the outcome of the first entry.
    """
    bundle = load_json(raw, max_bytes=len(raw))  # it was read
    versions = _versions(filed, documents)
    known = {one.id for one in filed if one.known}
    brought = any(not one.known for one in filed)
    entries: list[Json] = []
    places = _places(bundle, iter(filed))
    for entry in entries_of(bundle):
        kind = text(entry, "resource", "resourceType") or "Resource"
        own = places.get(id(obj(entry, "resource")))
        posted = text(entry, "request", "method") not in CHANGING
        is_set = kind == "List" and is_submission_set(obj(entry, "resource"))
        made = posted and not copy and (brought if is_set else own not in known)
        address = _address(kind, own, versions)
        if is_set and brought and receipt:
            address = {"location": f"List/{receipt}"}
        response: Json = {"status": "201 Created" if made else "200 OK", **address}
        if not entries and findings:
            response["outcome"] = outcome_json(findings)
        entries.append({"response": response})
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}


def _versions(filed: Sequence[Filed], documents: Sequence[Document]) -> dict[str, str]:
    """The version of each document as it was filed, where that can be told again: of one that
    another deposit brought, what this one says of it is no version."""
    by_name = {one.unique_id: one for one in documents}
    versions = {}
    for one in filed:
        document = by_name.get(one.unique_id)
        if document and not one.known and (made := just_filed(one, document)):
            versions[one.id] = reference_of(made, document)["meta"]["versionId"]
    return versions


def _address(kind: str, own: str | None, versions: Mapping[str, str]) -> Json:
    if own is None:
        return {}
    version = BYTES_VERSION if kind == "Binary" else versions.get(own)
    if version is None:
        return {"location": f"{kind}/{own}"}
    return {"location": f"{kind}/{own}/_history/{version}", "etag": f'W/"{version}"'}


def _places(bundle: Json, documents: Iterator[Filed]) -> dict[int, str]:
    """The public id of each resource sent, by the identity of its object; a Binary has that of
    the document whose url names it, in whatever way."""
    places: dict[int, str] = {}
    room = room_of(entries_of(bundle))
    for resource in resources(bundle, "DocumentReference"):
        for url in _attachment_urls(resource):
            filed = next(documents, None)
            if filed is None:
                continue
            places[id(resource)] = filed.id
            if binary := room.find(url, {}):
                places.setdefault(id(binary), filed.id)
    return places


def _attachment_urls(document: Json) -> Iterator[str]:
    for content in objs(document, "content"):
        yield text(content, "attachment", "url") or ""

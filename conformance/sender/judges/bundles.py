"""ITI-65 bundles and single DocumentReferences (IHE MHD; CI-SIS PDSm 3.1)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from typing import Any

from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.subjects import Bundle

BODY = Rules[Bundle](Volet.FHIR, "FHIR R4, json.html and http.html")
MHD = Rules[Bundle](Volet.FHIR, "IHE MHD, 2:3.65 (ITI-65)", lambda one: is_bundle(one))
REF = Rules[Bundle](
    Volet.FHIR,
    "CI-SIS PDSm, Comprehensive DocumentReference",
    lambda one: bool(one.of("DocumentReference")),
)
LIST = "submissionset"
INS = re.compile(r"urn:oid:1\.2\.250\.1\.213\.1\.4\.(8|9|10|11)")


def is_bundle(one: Bundle) -> bool:
    return one.json.get("resourceType") == "Bundle"


def references(one: Bundle) -> list[tuple[str, dict[str, Any]]]:
    found = one.of("DocumentReference")
    return [(f"DocumentReference[{number}]", row) for number, row in enumerate(found, 1)]


def attachment(row: dict[str, Any]) -> dict[str, Any]:
    """Of its first content; empty where there is none."""
    content = row.get("content")
    first = content[0] if isinstance(content, list) and content else {}
    found = first.get("attachment") if isinstance(first, dict) else {}
    return found if isinstance(found, dict) else {}


def codes(value: Any) -> list[str]:
    """Of a CodeableConcept or a list of them."""
    concepts = value if isinstance(value, list) else [value]
    codings = [
        coding
        for one in concepts
        if isinstance(one, dict)
        for coding in one.get("coding") or []
        if isinstance(coding, dict)
    ]
    return [str(coding.get("code", "")) for coding in codings]


@BODY.asks(
    "S-FHIR-00",
    "The body is a Bundle or a DocumentReference in JSON",
    fix="Post a transaction Bundle to the base, or one DocumentReference to its type.",
)
def body(one: Bundle) -> Iterable[Fault]:
    kind = one.json.get("resourceType")
    if kind not in ("Bundle", "DocumentReference"):
        yield wrong("resourceType", str(kind or ""), "Bundle or DocumentReference", 200)


@MHD.asks("S-FHIR-01", "Bundle.type is transaction", fix="Provide documents as a transaction.")
def transaction(one: Bundle) -> Iterable[Fault]:
    if one.json.get("type") != "transaction":
        yield wrong("Bundle.type", str(one.json.get("type", "")), "transaction")


@MHD.asks(
    "S-FHIR-02",
    "There is one SubmissionSet",
    fix="One List with code submissionset, status current, mode working.",
)
def submission(one: Bundle) -> Iterable[Fault]:
    found = [row for row in one.of("List") if LIST in codes(row.get("code"))]
    if len(found) != 1:
        yield Fault("Bundle.entry", f"{len(found)} List of code submissionset", 101)
    for row in found:
        if row.get("status") != "current" or row.get("mode") != "working":
            yield Fault("List", "status current and mode working are wanted", 103)


@MHD.asks(
    "S-FHIR-03",
    "The submission lists its documents",
    fix="List.entry names every DocumentReference, and nothing else of it.",
)
def listed(one: Bundle) -> Iterable[Fault]:
    entries = [row for row in one.json.get("entry") or [] if isinstance(row, dict)]
    urls = {
        row.get("fullUrl")
        for row in entries
        if isinstance(row.get("resource"), dict)
        and row["resource"].get("resourceType") == "DocumentReference"
    }
    items = {
        item["item"].get("reference")
        for row in one.of("List")
        for item in row.get("entry") or []
        if isinstance(item, dict) and isinstance(item.get("item"), dict)
    }
    if urls - items:
        yield Fault("List.entry", f"{len(urls - items)} documents are not listed", 101)


@MHD.asks(
    "S-FHIR-04",
    "Every entry has a fullUrl and a request",
    fix="fullUrl urn:uuid:…, request.method and request.url.",
    source="FHIR R4, http.html#transaction",
)
def requests(one: Bundle) -> Iterable[Fault]:
    seen: set[str] = set()
    for number, row in enumerate(one.json.get("entry") or []):
        if not isinstance(row, dict) or not row.get("fullUrl") or not row.get("request"):
            yield Fault(f"Bundle.entry[{number}]", "no fullUrl or no request", 101)
            continue
        if row["fullUrl"] in seen:
            yield Fault(f"Bundle.entry[{number}]", "a fullUrl that stands twice", 198)
        seen.add(str(row["fullUrl"]))


@MHD.asks(
    "S-FHIR-05",
    "One patient over the bundle",
    fix="The same subject in List and every DocumentReference.",
)
def one_patient(one: Bundle) -> Iterable[Fault]:
    rows = one.of("List") + one.of("DocumentReference")
    subjects = {str(row.get("subject")) for row in rows if row.get("subject")}
    if len(subjects) > 1:
        yield Fault("subject", f"{len(subjects)} different subjects", 207, 904)


@REF.asks(
    "S-FHIR-10",
    "masterIdentifier is an OID or UUID under urn:ietf:rfc:3986",
    fix="system urn:ietf:rfc:3986, value urn:oid:… or urn:uuid:…",
)
def master(one: Bundle) -> Iterable[Fault]:
    for place, row in references(one):
        found = row.get("masterIdentifier")
        found = found if isinstance(found, dict) else {}
        value = str(found.get("value", ""))
        if found.get("system") != "urn:ietf:rfc:3986" or not value.startswith(
            ("urn:oid:", "urn:uuid:")
        ):
            yield wrong(f"{place}.masterIdentifier", value, "urn:oid:… or urn:uuid:…")


@REF.asks(
    "S-FHIR-11",
    "What PDSm asks once is there",
    fix="status, type, category, subject, date, author, custodian, securityLabel, content …",
)
def elements(one: Bundle) -> Iterable[Fault]:
    wanted = ["status", "subject", "date", "author", "content"]
    if is_bundle(one):
        wanted += ["type", "category", "custodian", "securityLabel", "context"]
    for place, row in references(one):
        for name in wanted:
            if not row.get(name):
                yield Fault(f"{place}.{name}", "missing", 101)


@REF.asks(
    "S-FHIR-12",
    "The subject bears an INS",
    fix="subject.identifier of system urn:oid:1.2.250.1.213.1.4.8, .9 or .10.",
    source="CI-SIS PDSm, subject; Référentiel INS",
    level=Level.SHOULD,
)
def subject(one: Bundle) -> Iterable[Fault]:
    for place, row in references(one):
        if not INS.search(str(row.get("subject"))) and not INS.search(str(row.get("contained"))):
            yield Fault(f"{place}.subject", "no system of an INS", 207, 903)


@REF.asks(
    "S-FHIR-13",
    "The attachment says type, language, title and creation",
    fix="Fill contentType, language, title, creation.",
)
def attached(one: Bundle) -> Iterable[Fault]:
    wanted = ["contentType", "title"] + ["language", "creation"] * is_bundle(one)
    for place, row in references(one):
        for name in wanted:
            if not attachment(row).get(name):
                yield Fault(f"{place}.content.attachment.{name}", "missing", 101)


@MHD.asks(
    "S-FHIR-14",
    "The attachment is in the bundle",
    fix="url is the fullUrl of a Binary of the bundle; data is not used.",
)
def inside(one: Bundle) -> Iterable[Fault]:
    urls = {str(row.get("fullUrl")) for row in one.json.get("entry") or [] if isinstance(row, dict)}
    for place, row in references(one):
        if attachment(row).get("url") not in urls:
            yield Fault(f"{place}.content.attachment.url", "names no entry of the bundle", 204)


def payload(one: Bundle, row: dict[str, Any]) -> bytes | None:
    """The raw bytes of the first attachment; None where they are not here or not base64."""
    found = attachment(row)
    data = found.get("data")
    for entry in one.json.get("entry") or []:
        if (
            isinstance(entry, dict)
            and entry.get("fullUrl") == found.get("url")
            and found.get("url")
        ):
            resource = entry.get("resource")
            data = resource.get("data") if isinstance(resource, dict) else None
    try:
        if not isinstance(data, str):
            return None
        return base64.b64decode(data.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return None


@REF.asks(
    "S-FHIR-15",
    "hash is base64 of the SHA-1 of the raw bytes",
    fix="base64(SHA-1(bytes before base64)).",
    source="FHIR R4, Attachment.hash",
)
def digest(one: Bundle) -> Iterable[Fault]:
    for place, row in references(one):
        raw, said = payload(one, row), attachment(row).get("hash")
        if raw is not None and said:
            found = base64.b64encode(hashlib.sha1(raw, usedforsecurity=False).digest()).decode()
            if said != found:
                yield Fault(f"{place}.content.attachment.hash", "not that of the bytes")


@REF.asks(
    "S-FHIR-16",
    "size counts the raw bytes",
    fix="Count the bytes before base64.",
    source="FHIR R4, Attachment.size",
)
def size(one: Bundle) -> Iterable[Fault]:
    for place, row in references(one):
        raw, said = payload(one, row), attachment(row).get("size")
        if raw is not None and said is not None and said != len(raw):
            yield wrong(f"{place}.content.attachment.size", str(said), str(len(raw)))


@REF.asks(
    "S-FHIR-17",
    "The bytes are base64",
    fix="Check the alphabet and the padding of Binary.data, or of data.",
    source="FHIR R4, base64Binary (lines may break between groups)",
)
def encoded(one: Bundle) -> Iterable[Fault]:
    for place, row in references(one):
        if payload(one, row) is None:
            yield Fault(f"{place}.content.attachment", "no readable bytes in data or Binary")

"""Documents deposited as FHIR: read back as they were sent, and once only."""

import base64
import json
from datetime import datetime
from typing import Any

from answers import Reply
from daemon_rig import FHIR, Daemon
from papers import Person, Report, number, report


def reference(what: Report, replaces: str = "") -> bytes:
    """A DocumentReference with its CDA inline; `replaces` is our id of another."""
    resource: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{what.id}"},
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": what.type}]},
        "subject": {"identifier": {"system": f"urn:oid:{what.who.oid}", "value": what.who.ins}},
        "date": "2026-01-15T10:15:00+01:00",
        "content": [
            {
                "attachment": {
                    "contentType": "text/xml",
                    "language": "fr-FR",
                    "data": base64.b64encode(what.document()).decode(),
                    "title": what.title,
                    "creation": "2026-01-15T10:15:00+01:00",
                }
            }
        ],
    }
    if replaces:
        target = {"reference": f"DocumentReference/{replaces}"}
        resource["relatesTo"] = [{"code": "replaces", "target": target}]
    return json.dumps(resource).encode()


def deposit(gateway: Daemon, body: bytes, **more: str) -> Reply:
    headers = gateway.sender() | {"Content-Type": FHIR, "Accept": FHIR}
    names = {"key": "Idempotency-Key", "prefer": "Prefer"}
    headers |= {names[name]: value for name, value in more.items()}
    return gateway.http("POST", "/fhir/DocumentReference", body, headers)


def test_a_document_reference_is_filed_once_and_read_back(gateway: Daemon) -> None:
    what = report(gateway.person())
    first = deposit(gateway, reference(what))
    assert first.status == 201, first.body
    assert deposit(gateway, reference(what)).status == 200
    (found,) = gateway.filed(what.who, what.id)
    assert first.headers["location"] == f"/fhir/DocumentReference/{found['id']}"
    assert gateway.content(found) == what.document()


def test_the_answer_is_the_resource_as_it_reads_without_its_data(gateway: Daemon) -> None:
    what = report(gateway.person())
    sent = reference(what)
    first, again = deposit(gateway, sent), deposit(gateway, sent)
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    version = f'W/"{first.json["meta"]["versionId"]}"'
    assert (first.headers["etag"], first.headers["cache-control"]) == (version, "no-store")
    (found,) = gateway.filed(what.who, what.id)
    told, read = first.json, dict(found)
    assert instant(told.pop("meta")) == instant(read.pop("meta"))
    assert told == read
    assert b'"data"' not in first.body


def instant(meta: dict[str, Any]) -> dict[str, Any]:
    return meta | {"lastUpdated": datetime.fromisoformat(meta["lastUpdated"])}


def test_a_client_may_prefer_the_findings_or_nothing(gateway: Daemon) -> None:
    bare = deposit(gateway, reference(report(gateway.person())), prefer="return=minimal")
    assert (bare.status, bare.body) == (201, b"")
    assert "/fhir/DocumentReference/" in bare.headers["location"]
    told = deposit(
        gateway,
        reference(report(gateway.person())),
        prefer="handling=strict; return=OperationOutcome",
    )
    assert (told.status, told.json["resourceType"]) == (201, "OperationOutcome")


def test_every_answer_to_a_sender_names_its_receipt(gateway: Daemon) -> None:
    what = report(gateway.person())
    for sent, verdict in ((reference(what), "accept"), (b"{}", "refuse")):
        link = deposit(gateway, sent).headers["link"]
        place, _, relation = link.partition(">; ")
        fate = gateway.http("GET", place.removeprefix("<"), headers=gateway.sender())
        assert (relation, fate.json["verdict"]) == ('rel="status"', verdict)


def test_the_same_document_as_cda_and_as_fhir_is_one(gateway: Daemon) -> None:
    what = report(gateway.person())
    assert gateway.post(what.document()).status == 201
    assert deposit(gateway, reference(what)).status == 200
    assert len(gateway.filed(what.who, what.id)) == 1


def test_what_a_second_deposit_says_of_a_document_is_not_told_as_filed(gateway: Daemon) -> None:
    what = report(gateway.person())
    first = deposit(gateway, reference(what))
    untyped = json.loads(reference(what)) | {"date": "2025-01-01", "type": None}
    sent = json.dumps({name: value for name, value in untyped.items() if value}).encode()

    again = deposit(gateway, sent)

    assert (again.status, again.headers["location"]) == (200, first.headers["location"])
    assert again.json["resourceType"] == "OperationOutcome"
    assert "already-filed" in [one["details"]["text"] for one in again.json["issue"]]
    assert "etag" not in again.headers


def test_a_key_with_another_resource_is_refused_as_an_outcome(gateway: Daemon) -> None:
    key = f"fhir-{number()}"
    assert deposit(gateway, reference(report(gateway.person())), key=key).status == 201
    other = deposit(gateway, reference(report(gateway.person())), key=key)
    assert (other.status, other.json["resourceType"]) == (422, "OperationOutcome")
    long = deposit(gateway, reference(report(gateway.person())), key="k" * 256)
    assert long.status == 400


def test_what_is_no_json_is_an_outcome(gateway: Daemon) -> None:
    reply = deposit(gateway, b'{"resourceType": "DocumentReference"')
    assert (reply.status, reply.json["resourceType"]) == (400, "OperationOutcome")
    assert gateway.http("POST", "/fhir", b"{}", {"Content-Type": FHIR}).status == 401


def test_what_is_refused_for_its_request_is_kept_and_may_come_again(gateway: Daemon) -> None:
    raw = reference(report(gateway.person()))
    sender = gateway.sender() | {"Content-Type": FHIR}
    plain = gateway.http(
        "POST", "/fhir/DocumentReference", raw, sender | {"Content-Type": "text/plain"}
    )
    elsewhere = gateway.http("POST", "/fhir/List", raw, sender)
    condition = sender | {"If-None-Exist": "type=11488-4"}
    unless = gateway.http("POST", "/fhir/DocumentReference", raw, condition)
    assert (plain.status, elsewhere.status, unless.status) == (415, 400, 412)
    for refused in (plain, elsewhere, unless):
        place = refused.headers["link"].partition("<")[2].partition(">")[0]
        fate = gateway.http("GET", place, headers=gateway.sender())
        assert (fate.status, fate.json["verdict"]) == (200, "refuse")
    assert deposit(gateway, raw).status == 201


def test_a_document_named_by_our_id_is_superseded_by_its_replacement(gateway: Daemon) -> None:
    what = report(gateway.person())
    assert deposit(gateway, reference(what)).status == 201
    (before,) = gateway.filed(what.who, what.id)
    newer = what.next()

    assert deposit(gateway, reference(newer, replaces=before["id"])).status == 201

    assert gateway.filed(what.who, what.id) == []
    assert len(gateway.filed(what.who, newer.id)) == 1


def test_another_patients_document_is_as_unknown_as_none(gateway: Daemon) -> None:
    mine = report(gateway.person())
    another = next(p for p in map(Person.of, gateway.lines()) if p.ins != mine.who.ins)
    theirs = report(another)
    assert deposit(gateway, reference(theirs)).status == 201
    (kept,) = gateway.filed(another, theirs.id)

    stolen = deposit(gateway, reference(mine.next(), replaces=kept["id"]))
    unknown = deposit(gateway, reference(mine.next(), replaces="0" * 32))

    assert stolen.status == unknown.status == 404
    assert len(gateway.filed(another, theirs.id)) == 1


def test_a_token_that_is_no_text_opens_nothing_and_breaks_nothing(gateway: Daemon) -> None:
    """Bytes beyond ASCII stand as lone surrogates in a header: no digest of them was to be had."""
    for token in ("\xe9", "\xff\xfe", "\xed\xa0\x80"):
        who = {"Authorization": f"Bearer {token}", "Content-Type": FHIR}
        for method, path in (
            ("GET", "/fhir/DocumentReference"),
            ("POST", "/fhir"),
            ("POST", "/documents"),
            ("GET", "/documents/1"),
        ):
            assert gateway.http(method, path, b"{}", who).status in (401, 429)
        cookies = {"Cookie": f"__Host-session={token}; passerelle={token}; session={token}"}
        assert gateway.http("GET", "/documents", headers=cookies).status in (302, 303, 401)

"""The FHIR door: which resource goes where, and what each error becomes."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from test_documents_door import BEARER, LIMIT, FixedClock, OneAnswer, OneSender

from gateway.adapters.http.fhir import FhirDoor
from gateway.adapters.http.fhir_answers import ERRORS, FHIR_JSON
from gateway.adapters.http.senders import SenderGate
from gateway.clock import SystemIds
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError
from gateway.flows.identity.propose import SamePersonError
from gateway.flows.receive import Here, Receive
from gateway.mapping.fhir.json import resource_type
from gateway.mapping.xml import XmlRefusedError
from gateway.records.intake.filing import Answer, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

Client = TestClient[web.Request, web.Application]
REFERENCE, BUNDLE, LIST = (
    json.dumps({"resourceType": kind}).encode() for kind in ("DocumentReference", "Bundle", "List")
)
HEADERS = BEARER | {"Content-Type": FHIR_JSON}


class Refusing(OneAnswer):
    """Answers a refusal with its findings, as a journal does, and what is good as it was told."""

    async def file(self, intake: Intake) -> Answer:
        answer = await super().file(intake)
        read = intake.understanding
        if read.verdict is not Verdict.REFUSE:
            return answer
        return Answer(receipt=intake.receipt, verdict=read.verdict, findings=read.findings)


@pytest.fixture
def journal() -> OneAnswer:
    return Refusing()


@pytest.fixture
async def client(journal: OneAnswer) -> AsyncIterator[Client]:
    receive = Receive(journal, FixedClock(), SystemIds(), Here())
    door = FhirDoor(receive, SenderGate(OneSender()), DEFAULT_READING, LIMIT)
    app = web.Application()
    app.router.add_post("/fhir", door.post)
    app.router.add_post("/fhir/{type}", door.post)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/fhir", REFERENCE),
        ("/fhir/List", REFERENCE),
        ("/fhir/DocumentReference", BUNDLE),
        ("/fhir/DocumentReference", LIST),
        ("/fhir/documentreference", REFERENCE),
        ("/fhir/List", b"\xef\xbb\xbf" + REFERENCE),
    ],
)
async def test_a_resource_of_another_path_is_400_and_kept_as_refused(
    client: Client, journal: OneAnswer, path: str, body: bytes
) -> None:
    response = await client.post(path, data=body, headers=HEADERS)
    answer = await response.json(content_type=None)
    assert response.status == 400
    assert answer["issue"][0]["code"] == "structure"
    assert kept(journal) == (body, "fhir-resource-type")
    assert journal.intakes[0].receipt in response.headers["Link"]


def kept(journal: OneAnswer) -> tuple[bytes, str]:
    """The bytes that were kept as refused, and the first reason."""
    (intake,) = journal.intakes
    assert intake.understanding.verdict is Verdict.REFUSE
    return intake.raw, intake.understanding.findings[0].code


@pytest.mark.parametrize("kind", ["text/plain", "application/fhir+xml", "application/pdf", ""])
async def test_a_type_that_is_not_taken_is_415_and_kept_unread(
    client: Client, journal: OneAnswer, kind: str
) -> None:
    headers = BEARER | {"Content-Type": kind}
    response = await client.post("/fhir/DocumentReference", data=REFERENCE, headers=headers)
    (issue,) = (await response.json(content_type=None))["issue"]
    assert (response.status, issue["code"]) == (415, "not-supported")
    assert kept(journal) == (REFERENCE, "unsupported-type")
    assert len(journal.intakes[0].understanding.findings) == 1


async def test_a_key_that_is_none_is_400_and_what_came_is_kept(
    client: Client, journal: OneAnswer
) -> None:
    headers = HEADERS | {"Idempotency-Key": "k" * 256}
    response = await client.post("/fhir/DocumentReference", data=REFERENCE, headers=headers)
    assert response.status == 400
    assert kept(journal) == (REFERENCE, "idempotency-key")
    assert journal.intakes[0].key is None


@pytest.mark.parametrize("token", [{}, {"Authorization": "Bearer nobody"}])
async def test_nobody_is_asked_to_log_in_in_the_word_of_r4(
    client: Client, journal: OneAnswer, token: dict[str, str]
) -> None:
    headers = {"Content-Type": FHIR_JSON} | token
    response = await client.post("/fhir", data=BUNDLE, headers=headers)
    issue = (await response.json(content_type=None))["issue"][0]
    assert (response.status, issue["code"]) == (401, "login")
    assert journal.intakes == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/fhir", BUNDLE),
        ("/fhir/DocumentReference", REFERENCE),
        ("/fhir/DocumentReference", b"{"),
        ("/fhir/DocumentReference", b"{}"),
    ],
)
async def test_what_fits_its_path_or_cannot_be_read_is_received(
    client: Client, journal: OneAnswer, path: str, body: bytes
) -> None:
    await client.post(path, data=body, headers=HEADERS)
    assert [one.raw for one in journal.intakes] == [body]


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_is_not_packed_as_it_says_is_no_fault_of_ours(
    client: Client, journal: OneAnswer, encoding: str
) -> None:
    headers = HEADERS | {"Content-Encoding": encoding}
    response = await client.post("/fhir/DocumentReference", data=REFERENCE, headers=headers)
    assert response.status == 400
    issue = (await response.json(content_type=None))["issue"][0]
    assert (issue["code"], issue["details"]["text"]) == ("structure", "body-unreadable")
    assert journal.intakes == []


NAMED = {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}


@pytest.mark.parametrize(
    ("condition", "taken"),
    [
        ("identifier=urn:ietf:rfc:3986|urn:oid:1.2.3", True),
        ("identifier=urn%3Aietf%3Arfc%3A3986%7Curn%3Aoid%3A1.2.3", True),
        ("DocumentReference?identifier=urn:oid:1.2.3", True),
        ("identifier=urn:oid:1.2.4", False),
        ("identifier=urn:oid:1.2.3&status=current", False),
        ("type=11502-2", False),
        ("", False),
    ],
)
async def test_a_condition_that_is_not_kept_refuses_what_came(
    client: Client, journal: OneAnswer, condition: str, *, taken: bool
) -> None:
    body = json.dumps({"resourceType": "DocumentReference", "masterIdentifier": NAMED}).encode()
    headers = HEADERS | {"If-None-Exist": condition}
    response = await client.post("/fhir/DocumentReference", data=body, headers=headers)
    assert (response.status == 412) is not taken
    if not taken:
        assert kept(journal) == (body, "if-none-exist")
        issue = (await response.json(content_type=None))["issue"][0]
        assert (issue["code"], issue["details"]["text"]) == ("conflict", "if-none-exist")


@pytest.mark.parametrize("name", [7, [], {"value": 7}, {"system": "x"}, None])
async def test_a_name_of_any_shape_keeps_no_condition(client: Client, name: object) -> None:
    body = json.dumps({"resourceType": "DocumentReference", "masterIdentifier": name}).encode()
    headers = HEADERS | {"If-None-Exist": "identifier=|"}
    response = await client.post("/fhir/DocumentReference", data=body, headers=headers)
    assert response.status == 412


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RefusedError("Mend it"), 422, "refused"),
        (SamePersonError("Another person"), 422, "refused"),
        (XmlRefusedError("Mend it"), 422, "refused"),
        (DeniedError("No"), 403, "denied"),
        (DeferredError("Later"), 503, "deferred"),
        (DeferredError("Full", disk_full=True), 507, "deferred"),
        (ZeroDivisionError("patient PATTE"), 500, "internal"),
    ],
)
async def test_an_error_of_the_flow_is_an_outcome_without_its_inside(
    client: Client, journal: OneAnswer, error: Exception, status: int, code: str
) -> None:
    journal.error = error
    response = await client.post("/fhir/DocumentReference", data=REFERENCE, headers=HEADERS)
    answer = await response.json(content_type=None)
    assert response.status == status
    assert answer["issue"][0]["details"]["text"] == code
    assert (answer["issue"][0]["code"] == "business-rule") == (status == 422)
    assert ("Retry-After" in response.headers) == (status in (503, 507))
    assert "PATTE" not in str(answer)


def test_every_error_of_ours_has_an_outcome() -> None:
    assert set(GatewayError.__subclasses__()) == set(ERRORS)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b'\n{"a": {"resourceType": "List"}, "resourceType": "Bundle"}', "Bundle"),
        (b'{"resourceType": "\\u0042undle", "a": 1%b}' % (b"0" * 60), "Bundle"),
        (b'{"a": %b, "resourceType": "Bundle"}' % (b"[" * 60 + b"]" * 60), "Bundle"),
        (b'{"resourceType": 1}', None),
        (b'{"resourceType": null}', None),
        (b'["resourceType"]', None),
        (b"", None),
    ],
)
def test_the_type_is_that_of_the_outermost_object(raw: bytes, kind: str | None) -> None:
    assert resource_type(raw) == kind


@pytest.mark.parametrize("depth", [9_999, 1_000_000])
def test_of_an_object_too_deep_to_be_read_no_wrong_type_is_told(depth: int) -> None:
    """How deep a reader goes is its interpreter's."""
    raw = b'{"a": %b, "resourceType": "Bundle"}' % (b"[" * depth + b"]" * depth)
    assert resource_type(raw) in (None, "Bundle")

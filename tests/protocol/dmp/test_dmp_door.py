"""The DMP door on loopback: dispatch, packing, faults, limits and repeats (XDS.md 1 to 3)."""

import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from dmp_software import packed, request
from door_of_dmp import (
    ASKED,
    PREFIX,
    PROVIDE_ACTION,
    PROVIDED,
    QUERY_ACTION,
    RETRIEVE_ACTION,
    RETRIEVED,
    Behind,
    FixedClock,
    application,
)

from gateway.adapters.dmp.again import KEPT_SECONDS
from gateway.adapters.dmp.answered import FAULT_CODES
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError
from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import SOAP_11, SOAP_12, FaultError, Message

PLAIN = {"Content-Type": "application/soap+xml; charset=UTF-8; action=None"}
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def client(behind: Behind, clock: FixedClock) -> AsyncIterator[Client]:
    async with TestClient(TestServer(application(behind, clock=clock))) as open_client:
        yield open_client


async def read(response: ClientResponse) -> Message:
    return read_message(response.headers["Content-Type"], await response.read())


async def ask(client: Client, body: bytes, path: str = "registry") -> tuple[int, Message]:
    response = await client.post(f"{PREFIX}/{path}", data=body, headers=PLAIN)
    return response.status, await read(response)


def codes(message: Message) -> tuple[str | None, str | None]:
    fault = message.body
    return fault.findtext("{*}Code/{*}Value"), fault.findtext("{*}Code/{*}Subcode/{*}Value")


def codes_of_registry(message: Message) -> list[str | None]:
    return [one.get("errorCode") for one in message.body.iter("{*}RegistryError")]


async def test_a_request_is_answered_by_the_service_of_its_path_and_element(
    client: Client, behind: Behind
) -> None:
    sent = request(ASKED, action=QUERY_ACTION, vihf=None, message_id="urn:uuid:1")
    status, answer = await ask(client, sent)
    assert (status, answer.action, answer.packed) == (200, "urn:test:Done", False)
    assert answer.body.tag == "{urn:test}Done"
    assert answer.envelope.findtext(".//{*}RelatesTo") == "urn:uuid:1"
    assert (answer.message_id or "").startswith("urn:uuid:")
    [call] = behind.calls
    assert call.entity == f"Content-Type: {PLAIN['Content-Type']}\r\n\r\n".encode() + sent
    assert (call.sender.name, call.peer) == ("lps", "127.0.0.1")
    assert behind.counted == [("AdhocQueryRequest", "answered")]


async def test_a_double_slash_is_one(client: Client) -> None:
    sent = request(ASKED, action=QUERY_ACTION, vihf=None)
    assert (await ask(client, sent, "/registry"))[0] == 200


async def test_what_came_packed_is_answered_packed(client: Client, behind: Behind) -> None:
    envelope = request(PROVIDED, action=PROVIDE_ACTION, vihf=None)
    kind, body = packed(envelope, {"doc@here": b"1"}, action=PROVIDE_ACTION)
    response = await client.post(f"{PREFIX}/repository", data=body, headers={"Content-Type": kind})
    assert (await read(response)).packed
    assert behind.calls[0].message.parts == {"doc@here": b"1"}


async def test_documents_are_answered_packed_however_they_were_asked_for(
    client: Client, behind: Behind
) -> None:
    behind.parts = {"doc@here": b"\r\n--bytes"}
    sent = request(RETRIEVED, action=RETRIEVE_ACTION, vihf=None)
    status, answer = await ask(client, sent, "repository")
    assert (status, answer.packed, answer.parts) == (200, True, behind.parts)


@pytest.mark.parametrize(
    ("action", "known"),
    [
        ("urn:ihe:iti:xds-b:2007:RegistryStoredQuery-b", True),
        ("urn:something:else", False),
    ],
)
async def test_the_action_does_not_choose(
    client: Client, behind: Behind, clock: FixedClock, action: str, known: bool
) -> None:
    sent = request(ASKED, action=action, vihf=None)
    assert (await ask(client, sent))[0] == 200
    app = application(behind, clock=clock, strict=True)
    async with TestClient(TestServer(app)) as strict:
        status, answer = await ask(strict, sent)
    assert status == (200 if known else 500)
    assert known or codes(answer) == ("soap:Sender", "wsa:ActionNotSupported")


@pytest.mark.parametrize(
    ("body", "action", "path", "status", "subcode"),
    [
        (ASKED, PROVIDE_ACTION, "registry", 500, "wsa:ActionMismatch"),
        (ASKED, None, "registry", 500, "wsa:MessageAddressingHeaderRequired"),
        (ASKED, QUERY_ACTION, "repository", 500, "wsa:ActionNotSupported"),
        ("<RemoveObjectsRequest/>", "urn:x", "registry", 500, "wsa:ActionNotSupported"),
        (ASKED, QUERY_ACTION, "elsewhere", 404, "wsa:DestinationUnreachable"),
    ],
)
async def test_what_is_not_served_is_told(
    client: Client,
    behind: Behind,
    body: str,
    action: str | None,
    path: str,
    status: int,
    subcode: str,
) -> None:
    sent = request(body, action=action, vihf=None, message_id="urn:uuid:1")
    told, answer = await ask(client, sent, path)
    assert (told, codes(answer)) == (status, ("soap:Sender", subcode))
    assert answer.envelope.findtext(".//{*}RelatesTo") == "urn:uuid:1"
    assert behind.calls == []


async def test_an_answer_is_in_the_soap_that_was_received(client: Client, behind: Behind) -> None:
    sent = request(ASKED, action=QUERY_ACTION, vihf=None).replace(
        SOAP_12.encode(), SOAP_11.encode()
    )
    for error in (None, FaultError("Sender", "Non.")):
        behind.error = error
        response = await client.post(
            f"{PREFIX}/registry", data=sent, headers={"Content-Type": "text/xml"}
        )
        assert response.content_type == "text/xml"
        assert (await read(response)).soap == SOAP_11


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (RefusedError("mend it"), "soap:Sender", "mend it"),
        (DeniedError("not you"), "soap:Sender", "not you"),
        (RuntimeError("secret"), "soap:Receiver", "Erreur interne"),
        (FaultError("Sender", "Non."), "soap:Sender", "Non."),
    ],
)
async def test_every_error_is_a_fault(
    client: Client, behind: Behind, error: Exception, code: str, reason: str
) -> None:
    behind.error = error
    status, answer = await ask(client, request(ASKED, action=QUERY_ACTION, vihf=None))
    assert (status, codes(answer)[0]) == (500, code)
    told = answer.body.findtext("{*}Reason/{*}Text") or ""
    assert told.startswith(reason)
    assert "secret" not in told
    assert behind.counted == [("AdhocQueryRequest", code.removeprefix("soap:"))]


async def test_later_is_said_in_the_words_of_the_registry(client: Client, behind: Behind) -> None:
    behind.error = DeferredError("later")
    status, answer = await ask(client, request(ASKED, action=QUERY_ACTION, vihf=None))
    assert (status, answer.action) == (200, "urn:ihe:iti:2007:RegistryStoredQueryResponse")
    [error] = answer.body.iter("{*}RegistryError")
    assert (error.get("errorCode"), error.get("codeContext")) == ("XDSRegistryBusy", "later")
    assert behind.counted == [("AdhocQueryRequest", "Receiver")]


async def test_who_is_not_proved_is_told_in_the_packing_of_the_request(
    client: Client, behind: Behind
) -> None:
    behind.unknown = True
    kind, body = packed(request(PROVIDED, action=PROVIDE_ACTION, vihf=None), {})
    response = await client.post(f"{PREFIX}/repository", data=body, headers={"Content-Type": kind})
    answer = await read(response)
    assert (response.status, answer.packed) == (500, True)
    assert codes(answer) == ("soap:Sender", "soap:DMPInvalidCertificate")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/soap+xml", b"no xml", 400),
        ("application/json", b"{}", 415),
        ("multipart/related; boundary=b", b"--b", 400),
        ("multipart/related", b"", 400),
    ],
)
async def test_what_cannot_be_read_is_a_fault_with_a_status_of_its_own(
    client: Client, behind: Behind, kind: str, body: bytes, status: int
) -> None:
    response = await client.post(f"{PREFIX}/repository", data=body, headers={"Content-Type": kind})
    assert response.status == status
    assert codes(await read(response))[0] == "soap:Sender"
    assert behind.counted == [("other", "Sender")]


async def test_a_longer_body_than_is_taken_is_told_before_it_is_read(
    behind: Behind, clock: FixedClock
) -> None:
    app = application(behind, clock=clock, max_body_bytes=2_000)
    sent = request(
        ASKED.replace("/>", ">" + " " * 2_000 + "</q:AdhocQueryRequest>"),
        action=QUERY_ACTION,
        vihf=None,
    )
    async with TestClient(TestServer(app)) as small:
        response = await small.post(f"{PREFIX}/registry", data=sent, headers=PLAIN)
        assert response.status == 413
        assert codes(await read(response))[0] == "soap:Sender"


async def test_a_body_packed_with_gzip_is_unpacked(behind: Behind, clock: FixedClock) -> None:
    sent = gzip.compress(request(ASKED, action=QUERY_ACTION, vihf=None))
    server = TestServer(application(behind, clock=clock))
    await server.start_server(auto_decompress=False)
    async with TestClient(server) as client:
        response = await client.post(
            f"{PREFIX}/registry", data=sent, headers={**PLAIN, "Content-Encoding": "gzip"}
        )
        assert response.status == 200


async def test_a_write_that_comes_again_gets_its_first_answer_for_a_time(
    client: Client, behind: Behind, clock: FixedClock
) -> None:
    sent = request(PROVIDED, action=PROVIDE_ACTION, vihf=None)
    first = [(await ask(client, sent, "repository"))[1].message_id for _ in range(2)]
    assert first[0] == first[1]
    assert len(behind.calls) == 1
    clock.seconds = KEPT_SECONDS
    await ask(client, sent, "repository")
    assert len(behind.calls) == 2


async def test_another_body_or_another_sender_is_another_message(
    client: Client, behind: Behind
) -> None:
    sent = request(PROVIDED, action=PROVIDE_ACTION, vihf=None)
    await ask(client, sent, "repository")
    await ask(client, sent + b"\n", "repository")
    other = {**PLAIN, "Authorization": "Bearer of-another"}
    await client.post(f"{PREFIX}/repository", data=sent, headers=other)
    assert len(behind.calls) == 3


async def test_a_write_that_failed_is_tried_again(client: Client, behind: Behind) -> None:
    sent = request(PROVIDED, action=PROVIDE_ACTION, vihf=None)
    behind.error = DeferredError("later")
    assert "XDSRepositoryBusy" in codes_of_registry((await ask(client, sent, "repository"))[1])
    behind.error = None
    assert codes_of_registry((await ask(client, sent, "repository"))[1]) == []


async def test_a_reading_is_done_each_time(client: Client, behind: Behind) -> None:
    sent = request(ASKED, action=QUERY_ACTION, vihf=None)
    await ask(client, sent)
    await ask(client, sent)
    assert len(behind.calls) == 2


def test_each_error_that_crosses_rooms_has_its_fault() -> None:
    assert set(FAULT_CODES) == set(GatewayError.__subclasses__())

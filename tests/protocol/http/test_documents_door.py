"""`POST /documents` on loopback: statuses, limits, tokens and receipts of CONTRACT section 2."""

import hashlib
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.adapters.http.answers import STATUS_OF_CODE, answer_status
from gateway.adapters.http.documents import HTTP_STATUS, DocumentsDoor, spoken
from gateway.adapters.http.senders import SenderGate
from gateway.clock import SystemIds
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.receive import Here, Receive
from gateway.mapping.xml import XmlRefusedError
from gateway.records.documents.document import Label
from gateway.records.intake.filing import Answer, Filed, Intake, Receipt
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.account import (
    Choice,
    Login,
    NewTrace,
    Person,
    Professional,
    SenderAccount,
)
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.task import NewTask

TOKEN = "a-sender-token"
LABO = SenderAccount(name="labo", token_hash=hashlib.sha256(TOKEN.encode()).digest())
BEARER = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/hl7-v2"}
LIMIT = 10_000
FILED = Filed(id="d1", label=Label.BIOLOGIE, unique_id="1.2.3", type_code="11502-2")


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


class OneSender:
    account = LABO

    async def sender(self, token_hash: bytes) -> SenderAccount | None:
        return self.account if token_hash == self.account.token_hash else None

    async def sender_by_certificate(self, fingerprint: str) -> SenderAccount | None:
        return None

    async def sender_named(self, name: str) -> SenderAccount | None:
        return None

    async def person(self, patient: PatientKey) -> Person | None:
        return None

    async def choices(self, patient: PatientKey) -> list[Choice]:
        return []

    async def persons_like(self, identity: PatientIdentity) -> list[Person]:
        return []

    async def choose(
        self,
        patient: PatientKey,
        choice: Choice,
        *,
        act: NewTrace | None = None,
        then: Sequence[NewTask] = (),
        also: Sequence[Choice] = (),
    ) -> None:
        raise AssertionError

    async def login(self, login: str) -> Login | None:
        return None

    async def login_of(self, patient: PatientKey) -> Login | None:
        return None

    async def professional(self, token_hash: bytes) -> Professional | None:
        return None

    async def professionals(self) -> list[Professional]:
        return []

    async def professionals_at(self, addresses: Collection[str]) -> list[Professional]:
        return []


class OneAnswer:
    """Gives the answer it was told to, and remembers what it was handed."""

    def __init__(self) -> None:
        self.answer = Answer(receipt="r1", verdict=Verdict.ACCEPT, documents=(FILED,))
        self.error: Exception | None = None
        self.intakes: list[Intake] = []

    async def file(self, intake: Intake) -> Answer:
        if self.error:
            raise self.error
        self.intakes.append(intake)
        return self.answer

    async def receipt(self, receipt: str) -> Receipt | None:
        return None

    async def raw(self, receipt: str) -> bytes | None:
        return None

    async def held(self, *, limit: int) -> list[Receipt]:
        return []

    async def waiting_for(self, name: bytes) -> list[str]:
        return []

    async def refile(self, intake: Intake) -> Answer:
        raise AssertionError

    async def drop_expired(self, now: datetime) -> int:
        return 0


@pytest.fixture
def journal() -> OneAnswer:
    return OneAnswer()


@pytest.fixture
async def client(journal: OneAnswer) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    door = DocumentsDoor(
        receive=Receive(journal, FixedClock(), SystemIds(), Here()),
        journal=journal,
        gate=SenderGate(OneSender()),
        quiet=Quiet(FixedClock()),
        reading=DEFAULT_READING,
        max_body_bytes=LIMIT,
    )
    app = web.Application()
    app.router.add_post("/documents", spoken(door.post))
    app.router.add_get("/documents/{id}", spoken(door.get))
    async with TestClient(TestServer(app)) as client:
        yield client


Client = TestClient[web.Request, web.Application]
MESSAGE = b"MSH|^~\\&|A|B|C|D|20260302||ADT^A01^ADT_A01|C1|P|2.5\rEVN||20260302\rPID|1\r"


async def test_a_filed_document_is_201_with_its_receipt_and_label(client: Client) -> None:
    response = await client.post("/documents", data=MESSAGE, headers=BEARER)

    body = await response.json()
    assert response.status == 201
    assert response.headers["Location"] == "/documents/r1"
    assert body["verdict"] == "accept"
    assert body["documents"][0]["label"] == "BIOLOGIE"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(receipt="r", verdict=Verdict.ACCEPT, copy=True), 200),
        (Answer(receipt="r", verdict=Verdict.HOLD), 202),
        (Answer(receipt="r", verdict=Verdict.REFUSE), 422),
    ],
)
def test_the_verdict_decides_the_status(answer: Answer, status: int) -> None:
    assert answer_status(answer) == status


@pytest.mark.parametrize(("code", "status"), list(STATUS_OF_CODE.items()))
def test_the_kind_of_error_decides_a_refusals_status(code: str, status: int) -> None:
    finding = Finding(code=code, severity=Severity.ERROR, where="/", message="Mend it.")
    assert answer_status(Answer(receipt="r", verdict=Verdict.REFUSE, findings=(finding,))) == status


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Basic YTpi", "Bearer"])
async def test_no_sender_no_entry(client: Client, journal: OneAnswer, token: str) -> None:
    headers = {"Content-Type": "application/xml"} | ({"Authorization": token} if token else {})

    response = await client.post("/documents", data=b"<x/>", headers=headers)

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not journal.intakes


async def test_a_type_we_do_not_take_is_kept_as_refused(client: Client, journal: OneAnswer) -> None:
    for kind in ("image/png", "application/json", ""):
        await client.post("/documents", data=MESSAGE, headers=BEARER | {"Content-Type": kind})
        (intake,) = journal.intakes
        (told,) = intake.understanding.findings
        assert (told.code, intake.raw) == ("unsupported-type", MESSAGE)
        assert "application/hl7-v2" in told.message
        journal.intakes.clear()


async def test_a_body_over_the_limit_is_413_and_the_connection_ends(
    client: Client, journal: OneAnswer
) -> None:
    response = await client.post("/documents", data=b"x" * (LIMIT + 1), headers=BEARER)

    assert (response.status, response.headers.get("Connection")) == (413, "close")
    assert not journal.intakes


async def test_a_body_without_a_length_is_limited_too(client: Client, journal: OneAnswer) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 1000

    response = await client.post("/documents", data=endless(), headers=BEARER)

    assert response.status == 413
    assert not journal.intakes


@pytest.mark.parametrize(("full", "status"), [(False, 503), (True, 507)])
async def test_what_cannot_be_made_durable_may_be_sent_again(
    client: Client, journal: OneAnswer, full: bool, status: int
) -> None:
    journal.error = DeferredError("the store is away", disk_full=full)

    response = await client.post("/documents", data=MESSAGE, headers=BEARER)

    assert response.status == status
    assert int(response.headers["Retry-After"]) > 0


async def test_the_idempotency_key_comes_before_the_control_id(
    client: Client, journal: OneAnswer
) -> None:
    await client.post("/documents", data=MESSAGE, headers=BEARER | {"Idempotency-Key": "k1"})
    await client.post("/documents", data=MESSAGE, headers=BEARER)

    assert [one.key for one in journal.intakes] == ["idem:k1", "msh:A|B|C1"]


async def test_a_key_that_is_too_long_refuses_what_came(client: Client, journal: OneAnswer) -> None:
    headers = BEARER | {"Idempotency-Key": "k" * 256}
    await client.post("/documents", data=MESSAGE, headers=headers)
    (intake,) = journal.intakes
    told = intake.understanding.findings[0].code, intake.understanding.verdict
    assert (intake.raw, *told) == (MESSAGE, "idempotency-key", Verdict.REFUSE)


async def test_several_messages_in_one_body_are_each_answered(
    client: Client, journal: OneAnswer
) -> None:
    second = MESSAGE.replace(b"|C1|", b"|C2|")

    response = await client.post("/documents", data=MESSAGE + second, headers=BEARER)

    body = await response.json()
    assert len(body["messages"]) == 2
    assert [one.raw for one in journal.intakes] == [MESSAGE, second]


async def test_a_receipt_of_somebody_else_does_not_exist(client: Client) -> None:
    response = await client.get("/documents/r9", headers=BEARER)
    assert response.status == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RefusedError("Mend it"), 422),
        (XmlRefusedError("Mend it"), 422),
        (DeniedError("No"), 403),
        (ZeroDivisionError("our bug"), 500),
    ],
)
async def test_an_error_of_the_flow_is_told_by_its_kind(
    client: Client, journal: OneAnswer, error: Exception, status: int
) -> None:
    journal.error = error
    response = await client.post("/documents", data=MESSAGE, headers=BEARER)
    assert response.status == status


def test_every_error_of_ours_has_a_status() -> None:
    assert set(GatewayError.__subclasses__()) == set(HTTP_STATUS)


async def test_a_body_that_is_not_packed_as_it_says_is_refused(
    client: TestClient[web.Request, web.Application], journal: OneAnswer
) -> None:
    headers = BEARER | {"Content-Encoding": "gzip"}
    response = await client.post("/documents", data=b"MSH|^~\\&|", headers=headers)
    answer = await response.json()
    assert (response.status, answer["findings"][0]["code"]) == (400, "body-unreadable")
    assert journal.intakes == []

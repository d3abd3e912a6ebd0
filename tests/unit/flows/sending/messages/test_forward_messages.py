"""A forward as it leaves: what the rules say at that second, and the bytes."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from reading_twins import ANNE, NOW, House, card

from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.flows.sending.messages.forward import Destination, ForwardMessages
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Answer, Intake, Receipt
from gateway.records.task import Task, TaskKind

RAW = b"MSH|^~\\&|LAB|A|GW|B|20260115||ORU^R01|C1|P|2.5\rPID|1\r"


class OneMessage:
    """Satisfies `Journal` for what a forward asks of it."""

    def __init__(self, raw: bytes | None) -> None:
        self._raw = raw

    async def raw(self, receipt: str) -> bytes | None:
        return self._raw

    async def receipt(self, receipt: str) -> Receipt | None:
        return None

    async def file(self, intake: Intake) -> Answer:
        raise AssertionError

    async def refile(self, intake: Intake) -> Answer:
        raise AssertionError

    async def held(self, *, limit: int) -> list[Receipt]:
        return []

    async def waiting_for(self, name: bytes) -> list[str]:
        return []

    async def drop_expired(self, now: datetime) -> int:
        return 0


class Sent:
    """Satisfies `Hl7Clients` and `Hl7Client`."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self.away = False
        self._address = ""

    def __call__(self, address: str) -> "Sent":
        self._address = address
        return self

    async def send(self, message: bytes) -> str:
        if self.away:
            raise DeferredError("nobody answers")
        self.messages.append((self._address, message))
        return "AA"


def task(*documents: dict[str, object], forward: str = "lis") -> Task:
    return Task(
        id=1,
        kind=TaskKind.FORWARD,
        subject="r1",
        patient=ANNE,
        payload=json.dumps({"forward": forward, "documents": documents}).encode(),
        attempts=1,
        created_at=NOW - timedelta(days=1),
        lane="forward:lis",
    )


def asked(identifier: str | None = "d1", *codes: str) -> dict[str, object]:
    return {"id": identifier, "type": "11502-2", "class": "11", "codes": list(codes) or ["N"]}


def house(**changes: object) -> House:
    made = House()
    made.shelf.put(card("d1", **changes))
    return made


def flow(made: House, sent: Sent, raw: bytes | None = RAW, **where: str) -> ForwardMessages:
    destination = Destination(address="mllp://127.0.0.1:2577", **where)
    return ForwardMessages(OneMessage(raw), made.read, sent, {"lis": destination})


async def test_a_message_leaves_as_it_came_and_the_patient_can_see_it_did() -> None:
    made, sent = house(), Sent()
    assert await flow(made, sent).carry(task(asked())) == "AA"
    assert sent.messages == [("mllp://127.0.0.1:2577", RAW)]
    (trace,) = made.traces.written
    assert (trace.action, trace.actor, trace.permitted, trace.document) == (
        "forward",
        "lis",
        True,
        "d1",
    )


async def test_a_receiver_that_is_away_fills_no_history() -> None:
    made, sent = house(), Sent()
    sent.away = True
    for _ in range(3):
        with pytest.raises(DeferredError):
            await flow(made, sent).carry(task(asked()))
    assert made.traces.written == []


async def test_what_the_operator_asked_for_is_rewritten() -> None:
    sent = Sent()
    await flow(house(), sent, receiving_application="LIS").carry(task(asked()))
    assert sent.messages[0][1] == RAW.replace(b"|GW|", b"|LIS|")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"codes": ("N", "MASQUE_PS")}, "F60"),
        ({"masked_by_patient": True}, "F60"),
        ({"codes": ("R",)}, "F61"),
    ],
)
async def test_a_masked_or_restricted_document_stays_and_that_is_on_record(
    changes: dict[str, object], rule: str
) -> None:
    made, sent = house(**changes), Sent()
    with pytest.raises(DeniedError) as denied:
        await flow(made, sent).carry(task(asked()))
    assert denied.value.rule == rule
    assert sent.messages == []
    assert [trace.permitted for trace in made.traces.written] == [False]


@pytest.mark.parametrize("status", [DocumentStatus.SUPERSEDED, DocumentStatus.WITHDRAWN])
async def test_what_happened_to_the_document_since_is_a_message_behind_this_one(
    status: DocumentStatus,
) -> None:
    sent = Sent()
    assert await flow(house(status=status), sent).carry(task(asked())) == "AA"


@pytest.mark.parametrize(("code", "leaves"), [("N", True), ("MASQUE_PS", False), ("V", False)])
async def test_without_a_space_the_codes_of_the_message_decide(code: str, leaves: bool) -> None:
    sent = Sent()
    carrying = flow(House(), sent).carry(task(asked(None, "N", code)))
    if leaves:
        assert await carrying == "AA"
    else:
        with pytest.raises(DeniedError):
            await carrying
    assert bool(sent.messages) is leaves


async def test_a_message_without_a_document_asks_nobody() -> None:
    made, sent = House(), Sent()
    assert await flow(made, sent).carry(task()) == "AA"
    assert made.traces.written == []


@pytest.mark.parametrize(
    ("one", "raw", "reason"),
    [
        (task(forward="gone"), RAW, "no forward gone is configured"),
        (task(), None, "not kept any more"),
        (task(asked("d9")), RAW, "not there any more"),
    ],
)
async def test_what_cannot_be_sent_says_why(one: Task, raw: bytes | None, reason: str) -> None:
    sent = Sent()
    with pytest.raises(RefusedError, match=reason):
        await flow(house(), sent, raw).carry(replace(one))
    assert sent.messages == []

"""Which messages of a frame a sender may send, and what each is answered where none is taken."""

from dataclasses import replace
from typing import cast

import pytest
from hl7_samples import cda, message
from structlog.testing import capture_logs
from vault_intake import MemoryJournal
from vault_twins import MemoryPeople, MemoryShelf, MemoryTraces, MovedClock

from gateway.adapters.hl7v2.hl7_exchange import Hl7Exchange, Listener
from gateway.adapters.hl7v2.known_senders import KnownSenders
from gateway.adapters.hl7v2.mllp import MllpPeer
from gateway.clock import SystemClock, SystemIds
from gateway.flows.receive import Here, Receive
from gateway.ports.people.people import People
from gateway.records.patients.account import SenderAccount

CERTIFICATE = "ab" * 32
PEER = MllpPeer(address="127.0.0.1:1", listener="one", certificate=CERTIFICATE)
BOUND = SenderAccount(name="labo", certificate=CERTIFICATE, applications=("SIL-Y",))
BHS = "BHS|^~\\&|SIL-Y|O|C|D|2026||||B1"


def adt(
    application: str = "SIL-Y",
    control: str = "C1",
    *,
    asks: str = "|",
    event: str = "ADT^A01^ADT_A01",
) -> str:
    """One message; `asks` is MSH-15 and MSH-16."""
    head = f"MSH|^~\\&|{application}|O|C|D|20260115101500||{event}|{control}|P|2.5|||{asks}|FRA"
    return (
        f"{head}\rEVN||20260115101500\rPID|1||77^^^HOP&1.2.250.1.999.55&ISO^PI||A^B^^^^^L\rPV1|1|N"
    )


class House:
    """An exchange over a journal in memory, its one sender bound to SIL-Y."""

    def __init__(self, *, full: bool = False, batch_ack: bool = False) -> None:
        self.people = MemoryPeople(certificates={CERTIFICATE: BOUND})
        shelf, traces = MemoryShelf(), MemoryTraces(MovedClock())
        self.journal = MemoryJournal(self.people, shelf, traces, full=full)
        receive = Receive(self.journal, SystemClock(), SystemIds(), Here())
        self.exchange = Hl7Exchange(
            receive=receive,
            senders=KnownSenders(cast(People, self.people), SystemClock()),
            listeners={"one": Listener(sender=None, batch_ack=batch_ack)},
        )

    async def answers(self, *parts: str) -> list[str]:
        """MSA-1, MSA-2 and ERR-3 of each acknowledgement."""
        answer = await self.exchange(PEER, message(*parts)) or b""
        lines = answer.decode().replace("\x1c\r\x0b", "\r").split("\r")
        told: list[str] = []
        for line in lines:
            if line.startswith("MSA"):
                told.append(" ".join(line.split("|")[1:3]))
            elif line.startswith("ERR"):
                told[-1] += " " + line.split("|")[3].partition("^")[0]
        return told

    @property
    def stored(self) -> int:
        return len(self.journal.taken)


@pytest.mark.parametrize("application", ["SIL-Y", "SIL-Y^1.2.3^ISO"])
async def test_the_first_component_of_msh_3_is_the_application(application: str) -> None:
    house = House()
    (told,) = await house.answers(adt(application))
    assert (told[:5], house.stored) == ("AA C1", 1)


@pytest.mark.parametrize("application", ["EVIL", "EVIL^SIL-Y", "SIL-Y2", ""])
async def test_another_application_is_refused(application: str) -> None:
    house = House()
    assert await house.answers(adt(application)) == ["AR C1 207"]
    assert house.stored == 0


@pytest.mark.parametrize("envelope", [(), (BHS,)])
async def test_one_foreign_message_refuses_the_frame_each_of_its_messages_told(
    envelope: tuple[str, ...],
) -> None:
    house = House()
    parts = (*envelope, adt(control="C1"), adt("EVIL", "C2"))
    assert await house.answers(*parts) == ["AR C1 207", "AR C2 207"]
    assert house.stored == 0


@pytest.mark.parametrize("name", ["SIL-Y ", "SIL-Y^1.2.250.1.999^ISO", "SIL-Y ^1.2.250.1.999^ISO"])
async def test_blanks_behind_its_name_make_no_other_application(name: str) -> None:
    house = House()
    assert [one[:5] for one in await house.answers(adt(name, "C1"))] == ["AA C1"]


async def test_a_batch_of_its_own_is_taken_message_by_message() -> None:
    house = House()
    told = await house.answers(BHS, adt(control="C1"), adt(control="C2"), "BTS|2")
    assert ([one[:5] for one in told], house.stored) == (["AA C1", "AA C2"], 2)


@pytest.mark.parametrize("batch_ack", [False, True])
async def test_a_batch_that_cannot_be_stored_is_answered_message_by_message(
    *, batch_ack: bool
) -> None:
    house = House(full=True, batch_ack=batch_ack)
    told = await house.answers(BHS, adt(control="C1"), adt(control="C2"), "BTS|2")
    assert told == ["AR C1 207", "AR C2 207"]


async def test_an_envelope_without_a_message_of_ones_own_is_not_answered() -> None:
    house = House()
    assert await house.exchange(PEER, message(BHS, "BTS|0")) is None


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("asks", ["NE|NE", "SU|NE", "NE|SU"])
async def test_a_refusal_is_not_told_to_who_asked_for_silence(*, full: bool, asks: str) -> None:
    house = House(full=full)
    application = "SIL-Y" if full else "EVIL"
    assert await house.exchange(PEER, message(adt(application, asks=asks))) is None
    assert await house.answers(adt(application, asks="AL|NE")) == ["CR C1 207"]


@pytest.mark.parametrize(
    "frame",
    [cda(), b"\xff\xfe" + "MSH|^~\\&|".encode("utf-16-le"), b"PK\x03\x04", b"{}", b"From: a@b\r\n"],
)
async def test_what_is_no_hl7_is_rejected_whatever_else_it_may_be(frame: bytes) -> None:
    house = House()
    house.people.certificates[CERTIFICATE] = replace(BOUND, applications=())
    answer = (await house.exchange(PEER, frame) or b"").decode()
    assert "\rMSA|AR|\rERR||MSH^1|100^" in answer


async def test_an_acknowledgement_is_not_answered_where_nothing_can_be_stored() -> None:
    house = House(full=True)
    assert await house.exchange(PEER, message(adt(event="ACK^A01^ACK"), "MSA|AA|X1")) is None


async def test_a_certificate_that_nobody_knows_is_told_with_its_fingerprint() -> None:
    house = House()
    house.people.certificates.clear()
    with capture_logs() as logs:
        (told,) = await house.answers(adt())
    assert (told, house.stored) == ("AR C1 207", 0)
    assert logs == [
        {
            "event": "mllp.sender_refused",
            "log_level": "warning",
            "listener": "one",
            "peer": PEER.address,
            "name": CERTIFICATE,
        }
    ]

"""How what was kept is read again: as its door, its listener and its sender have it today."""

from datetime import UTC, datetime

import pytest

from gateway.daemon.rooms.identities import hand_over_of
from gateway.flows.receive import Delivery
from gateway.records.intake.filing import Answer, Door, Receipt
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import SenderAccount
from gateway.settings import Settings
from gateway.settings.sections.doors import Mllp

LABO, HOSPITAL = Mllp(sender="labo"), Mllp(sender="hospital", results_only=True, strict=True)
COMMON = Mllp(results_only=True)


async def handed_over(
    settings: Settings, sender: str, door: Door, *, known: SenderAccount | None = None
) -> Delivery:
    async def sender_named(name: str) -> SenderAccount | None:
        assert name == sender
        return known

    kept = Receipt(
        id="00",
        sender=sender,
        door=door,
        key=None,
        digest=b"",
        at=datetime(2026, 1, 15, tzinfo=UTC),
        answer=Answer(receipt="00", verdict=Verdict.HOLD),
        format="hl7v2",
        size=3,
    )
    return await hand_over_of(settings, sender_named)(kept, b"MSH")


@pytest.mark.parametrize(
    ("listeners", "sender", "door", "strict", "results_only"),
    [
        ((LABO, HOSPITAL), "hospital", Door.MLLP, True, True),
        ((LABO, HOSPITAL), "labo", Door.MLLP, False, False),
        ((LABO, HOSPITAL), "stranger", Door.MLLP, False, False),
        ((LABO, HOSPITAL), "hospital", Door.HTTP, False, False),
        ((COMMON, HOSPITAL), "hospital", Door.MLLP, True, True),
        ((COMMON, HOSPITAL), "stranger", Door.MLLP, False, True),
    ],
)
async def test_the_listener_of_the_sender_goes_before_one_that_is_open_to_any(
    listeners: tuple[Mllp, ...], sender: str, door: Door, *, strict: bool, results_only: bool
) -> None:
    delivery = await handed_over(Settings(mllp=listeners), sender, door)
    reading = delivery.reading
    assert (reading.strict, reading.results_only) == (strict, results_only)


async def test_the_senders_own_account_is_asked_too() -> None:
    account = SenderAccount(name="labo", organization="1999999999", strict=True)
    delivery = await handed_over(Settings(mllp=(LABO,)), "labo", Door.MLLP, known=account)
    assert (delivery.organization, delivery.reading.strict) == ("1999999999", True)
    assert (delivery.raw, delivery.declared) == (b"MSH", Format.HL7V2)

"""Accounts of a busy line: asked for once a second, and never more kept than a number of them."""

from datetime import datetime
from typing import cast

from gateway.adapters.hl7v2.known_senders import KNOWN_SECONDS, MAX_KNOWN, KnownSenders
from gateway.ports.people.people import People
from gateway.records.patients.account import SenderAccount

LABORATORY = SenderAccount(name="labo", certificate="ab" * 32)


class House:
    """People and a clock; each question is remembered."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.seconds = 0.0
        self.known = KnownSenders(cast(People, self), self)

    async def sender_named(self, name: str) -> SenderAccount | None:
        self.asked.append(name)
        return LABORATORY if name == LABORATORY.name else None

    async def sender_by_certificate(self, fingerprint: str) -> SenderAccount | None:
        self.asked.append(fingerprint)
        return LABORATORY if fingerprint == LABORATORY.certificate else None

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        raise AssertionError


async def test_a_sender_is_at_hand_for_a_second_by_name_and_by_certificate() -> None:
    house = House()
    assert house.known.at_hand("labo") is None

    for known in (await house.known.named("labo"), await house.known.bearing("ab" * 32)):
        assert known.account is LABORATORY
    house.seconds = KNOWN_SECONDS - 0.001
    for key in ("labo", "ab" * 32):
        assert getattr(house.known.at_hand(key), "account", None) is LABORATORY
    house.seconds = KNOWN_SECONDS
    assert house.known.at_hand("labo") is None
    assert house.asked == ["labo", "ab" * 32]


async def test_that_nobody_bears_a_name_is_at_hand_too() -> None:
    house = House()

    assert (await house.known.named("nobody")).account is None
    known = house.known.at_hand("nobody")
    assert known is not None
    assert known.account is None


async def test_names_without_end_do_not_fill_the_memory() -> None:
    house = House()
    for number in range(MAX_KNOWN):
        await house.known.named(f"n{number}")
    assert house.known.at_hand("n0") is not None

    await house.known.named("one more")
    assert house.known.at_hand("n0") is None
    assert house.known.at_hand("one more") is not None

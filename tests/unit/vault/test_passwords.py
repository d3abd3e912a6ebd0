"""argon2id behind the port, and turns taken one at a time."""

import asyncio

import pytest
from argon2 import extract_parameters

from gateway.vault.signing_in.passwords import Argon2Hasher, LockedTurns


async def test_the_right_password_opens_and_nobody_never_does() -> None:
    hasher = Argon2Hasher()
    kept = await hasher.hash("Un-mot-de-passe-9")
    assert kept.startswith("$argon2id$")
    assert await hasher.verify(kept, "Un-mot-de-passe-9")
    assert not await hasher.verify(kept, "un-mot-de-passe-9")
    assert not await hasher.verify("not a hash", "x")
    assert not await hasher.verify(None, "nobody has this password")


async def test_nobody_costs_one_hash_of_the_same_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hasher = Argon2Hasher()
    kept = await hasher.hash("Un-mot-de-passe-9")
    asked: list[str] = []

    def wrong(against: str, _: str) -> bool:
        asked.append(against)
        return False

    monkeypatch.setattr(hasher, "_matches", wrong)
    for password_hash in (kept, None):
        assert not await hasher.verify(password_hash, "wrong")
    known, nobody = (extract_parameters(one) for one in asked)
    assert known == nobody


async def test_one_subject_takes_its_turn_and_another_does_not_wait() -> None:
    turns, order = LockedTurns(), []

    async def work(subject: str, name: str) -> None:
        async with turns.turn(subject):
            order.append(f"{name} in")
            await asyncio.sleep(0)
            order.append(f"{name} out")

    await asyncio.gather(work("a", "1"), work("a", "2"), work("b", "3"))
    assert order.index("1 out") < order.index("2 in")
    assert order.index("3 in") < order.index("2 in")

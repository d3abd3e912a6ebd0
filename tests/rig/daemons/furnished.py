"""The data folder of a demo as its first start leaves it: made once a test process, then copied.

A first start is tried by the demos that start cold; all others only stand on what it leaves. The
copies of one process have the same keys, people and secrets.
"""

import asyncio
import atexit
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from laid import lay

from gateway.clock import SystemClock, SystemIds
from gateway.daemon.demo.furnish import furnish_with, prepare
from gateway.daemon.rooms.house import build_house
from gateway.settings import Settings
from gateway.settings.demo import demo_settings
from gateway.vault.signing_in.passwords import Argon2Hasher


def furnish(data: Path) -> None:
    """As a first `gateway serve --demo --data DATA` that has ended; an older demo is left alone."""
    if not data.exists():
        shutil.copytree(_pattern(), data)


class CheapHasher(Argon2Hasher):
    """argon2id that spares no burglar: a hash tells its own cost to who verifies it."""

    def __init__(self) -> None:
        super().__init__()
        self._argon2 = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _pattern() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="furnished-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = demo_settings(folder)
    lay(settings.store.url)
    prepare(settings)
    with ThreadPoolExecutor(1) as thread:  # the test that asks first may have an event loop
        thread.submit(asyncio.run, _move_in(settings)).result()
    assert not list(folder.glob("*-wal")), "a part of the database stands beside it"
    return folder


async def _move_in(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        house = await build_house(stack, settings, SystemClock(), SystemIds())
        await furnish_with(0)(replace(house, hasher=CheapHasher()))

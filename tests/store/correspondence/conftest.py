"""A box, on every engine we claim."""

from collections.abc import AsyncIterator

import pytest
from laid import lay
from mail_house import Post
from store_house import FixedClock

from gateway.clock import SystemIds
from gateway.flows.filing import FilingJudge
from gateway.store import Keys, open_store


@pytest.fixture
async def post(url: str, keys: Keys, ids: SystemIds) -> AsyncIterator[Post]:
    lay(url)
    clock = FixedClock()
    opened = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=clock)
    house = Post(opened, clock)
    await house.open()
    yield house
    await opened.close()

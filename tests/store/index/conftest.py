"""The ward of these tests, on every engine."""

from collections.abc import AsyncIterator

import pytest
from store_house import FixedClock
from ward_house import Ward

from gateway.clock import SystemIds
from gateway.flows.filing import FilingJudge
from gateway.store import Keys, migrate, open_store


@pytest.fixture
async def ward(url: str, keys: Keys, ids: SystemIds) -> AsyncIterator[Ward]:
    migrate(url)
    clock = FixedClock()
    store = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=clock)
    yield Ward(store, clock)
    await store.close()

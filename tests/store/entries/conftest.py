"""One profile, on every engine we claim."""

import pytest
from entry_house import Diary
from ward_house import Ward


@pytest.fixture
async def diary(ward: Ward) -> Diary:
    house = Diary(ward.store, ward.clock)
    await house.open()
    return house

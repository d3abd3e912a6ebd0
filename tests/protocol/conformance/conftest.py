"""`conformance sender` listening, for the tests that send to it."""

from collections.abc import Iterator

import pytest
from listening_kit import Kit, listening


@pytest.fixture
def kit() -> Iterator[Kit]:
    with listening() as made:
        yield made

"""A daemon opens as many files as its user may, so that connections leave some to the database."""

import resource
from collections.abc import Iterator

import pytest

from gateway.daemon.process import MAX_FILES, open_more_files


@pytest.fixture
def hard() -> Iterator[int]:
    """The user's own limit, with a soft one far below; both as they were afterwards."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_soft_limit_of_open_files_is_raised_as_far_as_may_be(hard: int) -> None:
    open_more_files()
    soft, still = resource.getrlimit(resource.RLIMIT_NOFILE)
    bounded = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    assert (soft, still) == (max(bounded, 256), hard)

"""A daemon for the tests that only look at it from outside, and new ones for those that end it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from configured import Operator
from daemon_rig import Daemon, Make, Visitor, watched
from listening_peer import ListeningPeer


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One demo for the whole run; at its end its log holds nothing private."""
    with watched(tmp_path_factory.mktemp("demo")) as daemon:
        yield daemon


@pytest.fixture(scope="module")
def patient(gateway: Daemon) -> Visitor:
    """The first active patient of that demo, signed in for the tests of one file: a session ends
    by itself before a slow run does."""
    return Visitor(gateway).sign_in(gateway.lines(login=True)[0])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for the tests of one file."""
    from chromium import chromium  # not for the tests that need no browser

    with chromium() as one:
        yield one


@pytest.fixture
def make_gateway(tmp_path: Path) -> Iterator[Make]:
    """Daemons of one test, each in its own folder (or the one given), ended with it."""
    made: list[Daemon] = []

    def make(*words: str, folder: Path | None = None) -> Daemon:
        place = folder or tmp_path / f"daemon{len(made)}"
        place.mkdir(parents=True, exist_ok=True)
        made.append(Daemon(place, list(words)))
        return made[-1]

    yield make
    for daemon in made:
        daemon.end()


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Of a configured gateway in the folder of one test."""
    return Operator(tmp_path / "house")


@pytest.fixture
def peer() -> Iterator[ListeningPeer]:
    """A receiver or a sender's listener that is there."""
    one = ListeningPeer().start()
    yield one
    one.stop()

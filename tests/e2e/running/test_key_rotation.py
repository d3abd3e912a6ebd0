"""The master key is rotated beside a daemon that answers, and the command is killed on its way."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from answers import ANSWER_SECONDS
from configured import LOOPBACK, Operator, order, serve
from daemon_rig import Daemon, Make, eventually
from papers import results
from sqlalchemy import select
from warm import Forked, nursery

from gateway.clock import SystemIds
from gateway.store import Keys
from gateway.store.engine.engines import reading_engine, writing_engine
from gateway.store.keys.masters.master import version_of
from gateway.store.schema import data_key

pytestmark = pytest.mark.long
ENGINES = [("sqlite", 1), pytest.param(("postgresql", 2), marks=pytest.mark.postgresql)]
PEOPLE = 8_000
BATCH = 1_000


def many_people(operator: Operator, url: str) -> None:
    """Data keys of people who sent nothing: what a rotation takes its time for."""
    keys, ids = Keys.load(operator.folder / "keys"), SystemIds()
    engine = writing_engine(url)
    rows = [
        {"patient": ids.octets(16), "wrapped": keys.wrap(ids.octets(32), 1)} for _ in range(PEOPLE)
    ]
    with engine.begin() as connection:
        for first in range(0, PEOPLE, BATCH):
            connection.execute(data_key.insert(), rows[first : first + BATCH])
    engine.dispose()


def under(url: str) -> Counter[int]:
    """How many data keys are under each version of the master key."""
    engine = reading_engine(url)
    with engine.connect() as connection:
        found = Counter(map(version_of, connection.scalars(select(data_key.c.wrapped))))
    engine.dispose()
    return found


@contextmanager
def load(daemon: Daemon, operator: Operator) -> Iterator[list[str]]:
    """Messages one after the other until the end; how each was answered."""
    codes: list[str] = []
    enough = threading.Event()

    def send() -> None:
        while not enough.is_set():
            message = results(operator.person, f"ROT-{len(codes)}")
            codes.append(daemon.mllp(message).code or "none")

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield codes
    finally:
        enough.set()
        thread.join()


def rotating(operator: Operator) -> Forked:
    words = ["key", "rotate", "--by", "anne", "--config", str(operator.config)]
    out, log = operator.folder / "rotated", operator.folder / "wrong"
    return nursery().start(words, out=out, log=log)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rotation_killed_beside_a_busy_daemon_is_gone_on_with(
    make_gateway: Make, operator: Operator, request: pytest.FixtureRequest, engine: tuple[str, int]
) -> None:
    name, workers = engine
    url = f"sqlite:///{operator.folder}/gateway.db"
    if name == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    operator.prepare(f'{LOOPBACK}[store]\nurl = "{url}"\n').sender("laboratory")
    many_people(operator, url)
    daemon = serve(make_gateway, operator, "--workers", str(workers))
    made = order("key", "new", "--by", "anne", "--config", str(operator.config))
    assert made.returncode == 0, made.stderr
    with load(daemon, operator) as codes:
        first = rotating(operator)
        eventually(lambda: under(url)[2] > BATCH)
        first.kill()
        assert first.wait() == -signal.SIGKILL
        assert under(url)[1] > 0
        before = len(codes)
        assert rotating(operator).wait(ANSWER_SECONDS) == 0
        eventually(lambda: len(codes) > before + 5)
    assert set(codes) == {"AA"}
    assert under(url)[1] == 0
    (operator.folder / "keys" / "master.key").unlink()
    assert daemon.mllp(results(operator.person, "ROT-LAST")).code == "AA"
    assert daemon.stop() == 0
    daemon.start()
    assert daemon.mllp(results(operator.person, "ROT-0")).code == "AA"

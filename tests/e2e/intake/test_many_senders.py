"""Many senders at a time: a helper reads beside the daemon, and may be killed at any moment."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest
from daemon_rig import Daemon, eventually, watched
from papers import Person, number, results

from gateway.adapters.understanding.elsewhere import helpers_for

pytestmark = [
    pytest.mark.skipif(helpers_for() == 0, reason="needs two processors"),
    pytest.mark.long,
]
SENDERS = 12
EACH = 15
NOTE = b"NTE|1||" + b"sans particularite " * 1_500 + b"\r"
"""About 28 KB, as a long comment of a laboratory."""


@pytest.fixture
def pressed(tmp_path: Path) -> Iterator[Daemon]:
    with watched(tmp_path) as daemon:
        yield daemon


def helpers(daemon: Daemon) -> list[int]:
    assert daemon.process is not None
    children = Path(f"/proc/{daemon.process.pid}/task/{daemon.process.pid}/children")
    return [int(one) for one in children.read_text().split() if _reads(one)]


def _reads(process: str) -> bool:
    with suppress(FileNotFoundError):
        return b"gateway.adapters.understanding" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


def sent(daemon: Daemon, who: Person) -> list[str]:
    """The identifiers of what one sender was told AA for, one message after the other."""
    line, acked = daemon.line(), []
    for _ in range(EACH):
        control = f"E2E{number()}"
        ack = line.ask(results(who, control) + NOTE)
        assert (ack.code, ack.control) == ("AA", control)
        acked.append(control)
    line.close()
    return acked


def kill_helpers(daemon: Daemon, over: Event) -> int:
    """Every helper that shows up until all is sent; how many there were."""
    killed = 0
    while not over.wait(0.05):
        for process in helpers(daemon):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                killed += 1
    return killed


def shown_once(daemon: Daemon, who: Person, controls: list[str]) -> bool:
    found = [json.dumps(one) for one in daemon.search(who, status="current")]
    return all(sum(f"{control}-A" in one for one in found) == 1 for control in controls)


@pytest.mark.parametrize("killing", [False, True], ids=["served", "killed"])
def test_what_many_send_at_a_time_is_filed_once(pressed: Daemon, killing: bool) -> None:
    people = [Person.of(line) for line in pressed.lines()[:SENDERS]]
    over = Event()
    with ThreadPoolExecutor(SENDERS + 1) as senders:
        killer = senders.submit(kill_helpers, pressed, over) if killing else None
        sending = [senders.submit(sent, pressed, who) for who in people]
        if not killing:
            assert eventually(lambda: helpers(pressed))
        acked = [one.result() for one in sending]
        over.set()
    assert killer is None or killer.result() > 0
    for who, controls in zip(people, acked, strict=True):
        assert shown_once(pressed, who, controls)


def test_a_helper_goes_with_its_daemon(pressed: Daemon) -> None:
    people = [Person.of(line) for line in pressed.lines()[:SENDERS]]
    with ThreadPoolExecutor(SENDERS) as senders:
        sending = [senders.submit(sent, pressed, who) for who in people]
        (helper,) = eventually(lambda: helpers(pressed))
        acked = [one.result() for one in sending]
    pressed.kill()
    eventually(lambda: not _reads(str(helper)))
    pressed.start()
    assert shown_once(pressed, people[0], acked[0])

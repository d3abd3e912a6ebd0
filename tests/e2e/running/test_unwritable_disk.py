"""An SQLite file that can be read and not written: every door puts off, and goes on by itself."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from email.policy import SMTP
from pathlib import Path

import pytest
from daemon_rig import Daemon, Make, eventually
from papers import Report, archive, mail, report, results

Freeze = Callable[[str], bool]
LET_WRITE, FROZEN = "-i", "+i"


@pytest.fixture
def daemon(make_gateway: Make) -> Daemon:
    return make_gateway().start()


@pytest.fixture
def freeze(daemon: Daemon) -> Iterator[Freeze]:
    """Makes the files of a running demo immutable, for those too who have them open."""
    file = daemon.folder / "data" / "gateway.db"

    def change(how: str) -> bool:
        words = ["chattr", how, str(file), f"{file}-wal"]
        return subprocess.run(words, check=False, capture_output=True).returncode == 0

    if shutil.which("chattr") is None:
        pytest.skip("needs the Debian package e2fsprogs")
    if os.geteuid() != 0 or not change(FROZEN):
        pytest.skip("needs root and a file system that has immutable files")
    change(LET_WRITE)
    yield change
    change(LET_WRITE)


def by_mail(daemon: Daemon, what: Report) -> tuple[int, bytes]:
    sender = daemon.demo["mail_sender"]
    with daemon.smtp() as client:
        client.ehlo()
        answers = [client.mail(sender), client.rcpt(f"{what.who.ins}@patient.mssante.fr")]
        if all(code == 250 for code, _ in answers):
            answers.append(client.data(mail(what, sender).as_bytes(policy=SMTP)))
    return answers[-1]


def test_what_cannot_be_written_is_put_off_by_every_door_and_taken_when_it_can(
    daemon: Daemon, freeze: Freeze
) -> None:
    who = daemon.person()
    paper, letter, dropped = report(who), report(who), report(who)
    folder = Path(daemon.places["folder"])
    assert daemon.http("GET", "/health/ready").status == 200
    assert freeze(FROZEN)
    for _ in range(2):
        ready = daemon.http("GET", "/health/ready")
        assert (ready.status, "only lets read" in ready.json["reason"]) == (503, True)
        put_off = daemon.post(paper.document())
        assert (put_off.status, bool(put_off.headers["retry-after"])) == (503, True)
        ack = daemon.mllp(results(who, "FROZEN-1"))
        assert (ack.code, ack.errors) == ("AR", [("E", "207", "")])
        assert by_mail(daemon, letter)[0] == 451
    (folder / "dropped.part").write_bytes(archive(dropped))
    (folder / "dropped.part").rename(folder / "dropped.zip")
    assert daemon.http("GET", "/health/live").status == 200
    assert freeze(LET_WRITE)
    assert daemon.http("GET", "/health/ready").status == 200
    assert daemon.post(paper.document()).status == 201
    assert daemon.mllp(results(who, "FROZEN-1")).code == "AA"
    assert by_mail(daemon, letter)[0] == 250
    eventually((folder / "done" / "dropped.zip").exists)
    for one in (paper.id, letter.id, dropped.id, "FROZEN-1"):
        assert len(daemon.filed(who, one)) == 1
    assert "Traceback" not in daemon.log.read_text()
    assert daemon.stop() == 0

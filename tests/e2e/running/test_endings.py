"""However the daemon ends: nothing acknowledged is lost, nothing is doubled, and it ends soon."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from answers import Ack
from daemon_rig import Daemon, Make, Visitor, eventually
from papers import Person, archive, mail, mdm, report, results

pytestmark = pytest.mark.long

CONNECTIONS, ENOUGH = 4, 40
SOON_SECONDS = 120.0
"""Nine on a machine of its own; a line that nobody closes would be waited for a minute."""
SMALL_DISK = "size=96m"


def test_a_kill_under_load_loses_nothing_and_doubles_nothing(make_gateway: Make) -> None:
    daemon = make_gateway().start()
    who = daemon.person()
    acked: list[str] = []
    sent: list[str] = []
    threads = [
        threading.Thread(target=_send_until_lost, args=(daemon, who, number, sent, acked))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    eventually(lambda: len(acked) >= ENOUGH)
    daemon.kill()
    for thread in threads:
        thread.join()
    daemon.start()
    orders = _orders(daemon, who)
    assert [one for one in acked if orders.count(one) != 1] == []
    for control in set(sent) - set(acked):
        assert daemon.mllp(results(who, control)).code == "AA"
    orders = _orders(daemon, who)
    assert sorted(orders) == sorted(set(sent))


def _send_until_lost(
    daemon: Daemon, who: Person, number: int, sent: list[str], acked: list[str]
) -> None:
    with contextlib.suppress(OSError), contextlib.closing(daemon.line()) as line:
        for count in range(100_000):
            control = f"KILL-{number}-{count}"
            sent.append(control)
            if line.ask(results(who, control)).code == "AA":
                acked.append(control)


def _orders(daemon: Daemon, who: Person) -> list[str]:
    """The control id of every document of results of this person, as a professional finds them."""
    found: list[str] = []
    path = f"/fhir/DocumentReference?patient.identifier=urn:oid:{who.oid}|{who.ins}&_count=200"
    while path:
        bundle = daemon.http("GET", path, headers=daemon.doctor).json
        for entry in bundle.get("entry", []):
            names = {
                one["value"]
                for one in entry["resource"].get("identifier", [])
                if one["value"].startswith("KILL-") and not one["value"].endswith("-A")
            }
            found += list(names)
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        path = "/fhir" + links["next"].partition("/fhir")[2] if "next" in links else ""
    return found


def test_sigterm_ends_in_seconds_while_a_frame_is_half_received(make_gateway: Make) -> None:
    daemon = make_gateway().start()
    raw = results(daemon.person(), "HALF-1")
    with contextlib.closing(daemon.line()) as line, contextlib.closing(daemon.line()) as idle:
        assert idle.ask(results(daemon.person(), "IDLE-1")).code == "AA"
        line.socket.sendall(b"\x0b" + raw[:100])
        started = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - started < SOON_SECONDS
    daemon.start()
    assert daemon.filed(daemon.person(), "HALF-1") == []


def test_a_frame_that_ends_during_the_closing_still_gets_its_answer(make_gateway: Make) -> None:
    daemon = make_gateway().start()
    raw = results(daemon.person(), "LAST-1")
    assert daemon.process
    with contextlib.closing(daemon.line()) as line:
        line.socket.sendall(b"\x0b" + raw[:100])
        assert daemon.mllp(results(daemon.person(), "LAST-0")).code == "AA"
        daemon.process.terminate()
        eventually(lambda: "daemon.stopping" in daemon.log.read_text())
        line.socket.sendall(raw[100:] + b"\x1c\r")
        assert line.answer().code == "AA"
    assert daemon.process.wait(SOON_SECONDS) == 0
    daemon.start()
    assert len(daemon.filed(daemon.person(), "LAST-1")) == 1


@pytest.mark.skipif(
    signal.getsignal(signal.SIGHUP) == signal.SIG_IGN, reason="a daemon of nohup ignores it"
)
def test_a_terminal_that_closes_ends_it_as_sigterm_does(make_gateway: Make) -> None:
    daemon = make_gateway().start()
    assert daemon.process
    daemon.process.send_signal(signal.SIGHUP)
    assert daemon.process.wait(SOON_SECONDS) == 0
    assert "daemon.stopped" in daemon.log.read_text()


def test_two_demos_run_side_by_side_on_the_default_ports(make_gateway: Make) -> None:
    first, second = make_gateway(), make_gateway()
    for daemon in (first, second):
        daemon.words = ["--demo", "--data", str(daemon.folder / "data")]
        daemon.start()
    for door in ("http", "mllp", "smtp", "metrics", "folder"):
        assert first.places[door] != second.places[door]
    assert first.demo["sender_token"] != second.demo["sender_token"]
    what = report(first.person())
    assert first.post(what.document()).status == 201
    assert second.filed(what.who, what.id) == []
    assert second.post(what.document(), token=first.demo["sender_token"]).status == 401


def test_the_ready_file_is_for_its_owner_alone(make_gateway: Make) -> None:
    daemon = make_gateway().start()
    assert (daemon.folder / "ready.json").stat().st_mode & 0o077 == 0
    assert daemon.process
    assert daemon.places["pid"] == daemon.process.pid
    private = list((daemon.folder / "data" / "keys").iterdir())
    assert private
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("mounts a tmpfs: needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", SMALL_DISK, "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("may not mount a tmpfs here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_and_forgotten_once_there_is_room(
    make_gateway: Make, small_disk: Path
) -> None:
    daemon = make_gateway()
    daemon.words = ["--demo", "--data", str(small_disk / "data")]
    daemon.words += [f"--{door}=127.0.0.1:0" for door in ("http", "mllp", "smtp", "metrics")]
    daemon.start()
    who = daemon.person()
    assert daemon.mllp(results(who, "BEFORE-1")).code == "AA"
    ballast = _fill(small_disk)
    refused = eventually(lambda: _deferred(daemon, who))
    assert (refused.code, refused.errors[0][:2]) == ("AR", ("E", "207"))
    reply = daemon.post(report(who).document())
    assert reply.status in (503, 507)
    assert reply.headers["retry-after"]
    with daemon.smtp() as client:
        client.ehlo()
        client.mail(daemon.demo["mail_sender"])
        client.rcpt(f"{who.ins}@patient.mssante.fr")
        sent = mail(report(who), daemon.demo["mail_sender"]).as_bytes().replace(b"\n", b"\r\n")
        assert client.data(sent)[0] in (451, 452)
    assert daemon.http("GET", "/health/live").status == 200
    ballast.unlink()
    eventually(lambda: daemon.mllp(results(who, "AFTER-1")).code == "AA")
    assert daemon.post(archive(report(who)), "application/zip").status == 201
    assert len(daemon.filed(who, "BEFORE-1")) == 1
    assert daemon.stop() == 0


def _deferred(daemon: Daemon, who: Person) -> Ack | None:
    """The first negative answer; what still fits is taken first."""
    ack = daemon.mllp(mdm(report(who), f"FULL-{time.monotonic_ns()}"))
    return None if ack.code == "AA" else ack


def _fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    size = 1 << 20
    with ballast.open("wb", buffering=0) as file:
        while size >= 512:
            try:
                if file.write(b"\0" * size) < size:
                    size //= 2
            except OSError:
                size //= 2
    return ballast


def test_nothing_private_stands_in_the_log_after_every_kind_of_trouble(
    make_gateway: Make,
) -> None:
    daemon = make_gateway().start()
    line = daemon.lines(login=True)[0]
    who = Person.of(line)
    closed = daemon.person("closed")
    daemon.mllp(results(who, "LOG-1"))
    daemon.mllp(results(who, "LOG-1", value="1.0"))
    daemon.mllp(results(who, "LOG-2").replace(b"OBX|", b"OB\x00|"))
    daemon.mllp(results(closed, "LOG-3"))
    daemon.post(report(who).document()[:-40])
    daemon.post(archive(report(who))[:-40], "application/zip")
    daemon.post(report(who).document(), token=daemon.demo["sender_token"] + "x")
    daemon.http("GET", f"/fhir/DocumentReference?patient.identifier=urn:oid:{who.oid}|{who.ins}")
    daemon.http("GET", f"/patients/{who.ins}")
    with contextlib.closing(daemon.line()) as cut:
        cut.send(b"junk " + who.family.encode())
        cut.socket.sendall(who.ins.encode() + b"\x0b" + results(who, "LOG-4")[:90])
    Visitor(daemon).sign_in(line).get("/documents")
    broken = Path(daemon.places["folder"]) / f"{who.family}-{who.ins}.xml"
    broken.write_bytes(report(who).document()[:-40])
    eventually(lambda: not broken.exists())
    assert daemon.stop() == 0
    assert "daemon.ready" in daemon.log.read_text()
    assert daemon.leaks() == set()
    answers = [json.loads(one.read_text()) for one in broken.parent.glob("refused/*.json")]
    assert [one["verdict"] for one in answers] == ["refuse"]

"""The command `conformance sender`: its end, its reports, and its doors inside TLS."""

import json
import signal
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from authority import Authority
from daemon_rig import eventually
from listening_kit import BOX, HANDLERS, SERIAL, TOKEN, WHO, document, letter

from conformance.cli import main
from conformance.made.cda import paper
from conformance.reading.ack import Ack, read_ack
from conformance.reading.xml import read_xml
from conformance.sender.court import Court
from conformance.sender.doors.listening import Listener, served
from conformance.wire.address import Address, Tls, read_address
from conformance.wire.http import Web
from conformance.wire.mllp import NoAnswerError, line_to
from conformance.wire.smtp import session_with


def test_the_command_ends_after_the_count_with_its_reports(tmp_path: Path) -> None:
    ready, junit, html = (tmp_path / name for name in ("ready.json", "card.xml", "card.html"))
    words = ["--mllp", "127.0.0.1:0", "--count", "2", "--ready-file", str(ready)]
    words += ["--junit", str(junit), "--html", str(html)]
    process = started(words)
    place = read_address(eventually(lambda: read(ready))["mllp"], "mllp")
    with line_to(place, 60) as line:
        for draft in (document(), document().set("PID", 32, "PROV")):
            line.message(draft.raw())
            line.answer()
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "not met      S-PID-32  PID-32 is VALI" in out
    assert "1 of 2: message 2 (" in out
    assert "'PROV', wanted VALI" in out
    cases = {
        one.get("name", "").split(" ")[0]: one
        for one in read_xml(junit.read_bytes()).iter("testcase")
    }
    assert [one.tag for one in cases["S-PID-32"]] == ["failure"]
    assert "S-PID-32" in html.read_text("utf-8")


@pytest.mark.parametrize(("sent", "status"), [(True, 0), (False, 3)])
def test_a_signal_ends_the_command_with_what_came_so_far(
    tmp_path: Path, sent: bool, status: int
) -> None:
    ready = tmp_path / "ready.json"
    process = started(["--mllp", "127.0.0.1:0", "--ready-file", str(ready)])
    place = read_address(eventually(lambda: read(ready))["mllp"], "mllp")
    if sent:
        with line_to(place, 60) as line:
            line.message(document().raw())
            line.answer()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=120)
    assert process.returncode == status, out + err
    assert ("Total:" in out) is sent
    assert ("nothing came" in err) is not sent


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def files(authority: Authority, name: str) -> Tls:
    own = authority.issue(name)
    return Tls(authority=authority.path, certificate=own, key=own.with_suffix(".key"))


def answer_to(where: Address, tls: ssl.SSLContext) -> Ack:
    with line_to(where, 60, tls) as line:
        line.message(document().raw())
        return read_ack(line.answer())


def test_every_door_speaks_tls_and_asks_for_a_certificate(authority: Authority) -> None:
    tls, client = files(authority, "kit").listening(), files(authority, "labo").context()
    stranger = Tls(authority=authority.path).context()
    court, where = Court(), Address("127.0.0.1", 0, tls=True)
    doors = {
        name: Listener(where, one, court, lenient=False, tls=tls) for name, one in HANDLERS.items()
    }
    with served(*doors.values()):
        mllp = read_address(f"mllps://{doors['mllp'].place}", "mllps")
        assert answer_to(mllp, client).code == "AA"
        with pytest.raises((OSError, NoAnswerError)):
            answer_to(mllp, stranger)
        what = paper(WHO, SERIAL)
        web = Web(f"https://{doors['http'].place}", 5, client)
        headers = TOKEN | {"Content-Type": "text/xml"}
        assert web.ask("POST", "/documents", what.cda(), headers).status == 201
        smtp = read_address(f"smtps://{doors['smtp'].place}", "smtps")
        with session_with(smtp, 5, None) as session:
            assert session.ask("MAIL FROM:<a@b>").code == 530
        with session_with(smtp, 5, client) as session:
            assert session.hello().code == 250
            assert "STARTTLS" not in session.extensions
            assert session.ask("MAIL FROM:<labo@exemple.test>").code == 250
            assert session.ask(f"RCPT TO:<{BOX}>").code == 250
            assert session.content(letter()).code == 250
    assert court.count == 3


def test_a_listener_with_tls_needs_a_certificate(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sender", "--mllp", "mllps://127.0.0.1:0"]) == 2
    assert "--cert" in capsys.readouterr().err


def started(words: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "conformance", "sender", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else None

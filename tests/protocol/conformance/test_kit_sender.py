"""`conformance sender` with real sockets: what it answers, what it survives, what it says."""

import contextlib
import json
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from authority import Authority
from daemon_rig import eventually

from conformance.cli import main
from conformance.made import fhir, mail, xdm
from conformance.made.cda import paper
from conformance.made.hl7 import Draft, mdm, results
from conformance.made.person import invented
from conformance.made.serial import Serial
from conformance.reading.ack import Ack, read_ack
from conformance.reading.xml import read_xml
from conformance.requirement import Outcome, Status
from conformance.sender.court import Court
from conformance.sender.doors.http import HttpHandler
from conformance.sender.doors.listening import MAX_CONNECTIONS, Listener, served
from conformance.sender.doors.mllp import MllpHandler
from conformance.sender.doors.smtp import SmtpHandler
from conformance.wire.address import Address, Tls, read_address
from conformance.wire.http import Web
from conformance.wire.mllp import Line, NoAnswerError, line_to
from conformance.wire.smtp import session_with

SERIAL = Serial(21, "sender")
WHO = invented(SERIAL)
BOX = f"{WHO.ins}@patient.mssante.fr"
TOKEN = {"Authorization": "Bearer t", "Idempotency-Key": "k"}
HANDLERS: dict[str, Any] = {"mllp": MllpHandler, "http": HttpHandler, "smtp": SmtpHandler}


@dataclass
class Kit:
    court: Court = field(default_factory=Court)
    places: dict[str, Address] = field(default_factory=dict)

    def line(self) -> contextlib.AbstractContextManager[Line]:
        return line_to(self.places["mllp"], 5)

    def ask(self, raw: bytes) -> Ack:
        with self.line() as line:
            line.message(raw)
            return read_ack(line.answer())

    def web(self) -> Web:
        return Web(f"http://{self.places['http']}", 5)

    def outcome(self, name: str) -> Outcome:
        return next(one for one in self.court.outcomes() if one.requirement.id == name)


@contextlib.contextmanager
def listening(*, lenient: bool = False) -> Iterator[Kit]:
    kit = Kit()
    made = {name: Listener(Address("127.0.0.1", 0), handler, kit.court, lenient=lenient)
            for name, handler in HANDLERS.items()}  # fmt: skip
    kit.places = {name: read_address(one.place, name) for name, one in made.items()}
    with served(*made.values()):
        yield kit


@pytest.fixture
def kit() -> Iterator[Kit]:
    with listening() as made:
        yield made


def document() -> Draft:
    return mdm(paper(WHO, SERIAL), SERIAL.control())


def test_a_good_message_is_answered_aa_about_it(kit: Kit) -> None:
    draft = document()
    ack = kit.ask(draft.raw())
    assert (ack.code, ack.about, ack.faults) == ("AA", draft.control, [])
    assert ack.message.get("MSH", 9) == "ACK"
    assert ack.message.get("MSH", 3) == draft.row("MSH")[5]


def test_a_wrong_message_is_answered_ae_with_its_places(kit: Kit) -> None:
    ack = kit.ask(document().set("PID", 7, "19843112").set("PID", 8, "").raw())
    assert ack.code == "AE"
    assert {one.place for one in ack.faults} >= {"PID^1^7^1^1", "PID^1^8^1^1"}
    assert ack.says("905")
    assert "S-PID-07" in ack.message.all("ERR")[0].text
    assert WHO.family not in ack.message.text
    assert kit.outcome("S-PID-07").status is Status.NOT_MET


def test_a_message_of_another_type_or_version_is_rejected(kit: Kit) -> None:
    ack = kit.ask(document().set("MSH", 12, "2.3").raw())
    assert (ack.code, ack.says("203")) == ("AR", True)


def test_bytes_that_are_no_message_are_ar_100(kit: Kit) -> None:
    ack = kit.ask(b"GET / HTTP/1.1")
    assert (ack.code, ack.about, ack.says("100")) == ("AR", "", True)


def test_all_is_accepted_when_asked_so_and_still_judged() -> None:
    with listening(lenient=True) as kit:
        ack = kit.ask(document().set("PID", 7, "").raw())
        assert (ack.code, {one.severity for one in ack.faults} <= {"W", "I"}) == ("AA", True)
        assert kit.outcome("S-PID-07").status is Status.NOT_MET


@pytest.mark.parametrize(
    ("accept", "application", "good", "codes"),
    [
        ("AL", "NE", True, ["CA"]), ("AL", "NE", False, ["CE"]), ("ER", "NE", True, []),
        ("ER", "NE", False, ["CE"]), ("SU", "NE", False, []), ("NE", "NE", True, []),
        ("AL", "AL", True, ["CA", "AA"]), ("AL", "AL", False, ["CE"]), ("NE", "AL", True, ["AA"]),
    ],
)  # fmt: skip
def test_the_modes_of_table_0155(
    kit: Kit, accept: str, application: str, good: bool, codes: list[str]
) -> None:
    draft = results(WHO, SERIAL.control()).set("MSH", 15, accept).set("MSH", 16, application)
    after = results(WHO, SERIAL.control())
    if not good:
        draft.set("PID", 7, "")
    with kit.line() as line:
        line.message(draft.raw())
        line.message(after.raw())
        acks = [read_ack(line.answer()) for _ in range(len(codes) + 1)]
    assert [one.code for one in acks] == [*codes, "AA"]
    assert acks[-1].about == after.control


def test_an_acknowledgement_is_not_answered(kit: Kit) -> None:
    raw = b"MSH|^~\\&|A|B|C|D|20260115||ACK^R01^ACK|9|T|2.5\rMSA|AA|1\r"
    with kit.line() as line:
        line.message(raw)
        line.message(document().raw())
        assert read_ack(line.answer()).code == "AA"


def test_framing_faults_are_told_in_the_scorecard(kit: Kit) -> None:
    with kit.line() as line:
        line.send(b"junk\x0b" + document().raw() + b"\x1c\r")
        line.answer()
        line.send(b"\x0bhalf")
    assert kit.outcome("S-MLLP-01").status is Status.NOT_MET
    eventually(lambda: kit.outcome("S-MLLP-03").status is Status.NOT_MET)


def test_more_connections_than_there_is_room_for_are_closed(kit: Kit) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(MAX_CONNECTIONS):
            line = stack.enter_context(kit.line())
            line.message(b"MSH|^~\\&|A|B|C|D|20260115||ACK^R01^ACK|9|T|2.5\rMSA|AA|1\r")
        with pytest.raises(NoAnswerError):
            eventually(lambda: kit.ask(document().raw()) and None)
    eventually(lambda: answered(kit))


def answered(kit: Kit) -> bool:
    with contextlib.suppress(NoAnswerError):
        return kit.ask(document().raw()).code == "AA"
    return False


def test_documents_are_judged_over_http(kit: Kit) -> None:
    what = paper(WHO, SERIAL)
    good = kit.web().ask("POST", "/documents", what.cda(), TOKEN | {"Content-Type": "text/xml"})
    assert (good.status, good.json["findings"]) == (201, [])
    bad = what.cda().replace(b'code="FR"', b'code="US"')
    reply = kit.web().ask("POST", "/documents", bad, TOKEN | {"Content-Type": "text/xml"})
    assert (reply.status, reply.json["findings"][0]["code"]) == (422, "S-CDA-01")
    assert "Write FR." in reply.json["findings"][0]["message"]


def test_a_bundle_gets_its_response_or_an_outcome(kit: Kit) -> None:
    bundle = fhir.transaction(paper(WHO, SERIAL), serial=SERIAL)
    headers = TOKEN | {"Content-Type": "application/fhir+json"}
    good = kit.web().ask("POST", "/fhir", bundle.raw(), headers)
    assert (good.status, good.json["type"], len(good.json["entry"])) == (
        200,
        "transaction-response",
        3,
    )
    bundle.attachment["size"] = 1
    bad = kit.web().ask("POST", "/fhir", bundle.raw(), headers)
    assert (bad.status, bad.json["resourceType"]) == (422, "OperationOutcome")
    assert "S-FHIR-16" in bad.json["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_clumsy_http_is_answered_and_the_listener_serves_on(
    kit: Kit, head: bytes, status: bytes
) -> None:
    place = kit.places["http"]
    with socket.create_connection((place.host, place.port), 5) as peer:
        peer.sendall(head)
        assert status in peer.recv(4_096)
    assert kit.web().ask("POST", "/", b"{}", TOKEN).status == 422


def letter() -> bytes:
    what = paper(WHO, SERIAL)
    archive = xdm.Archive([xdm.Entry(what)], SERIAL.oid()).zip()
    return mail.written(mail.mail(what, archive, sender="labo@exemple.test", mailbox=BOX))


def test_a_mail_is_taken_and_a_wrong_one_is_550_with_the_clause(kit: Kit) -> None:
    place = kit.places["smtp"]
    with smtplib.SMTP(place.host, place.port, "labo.exemple.test", 5) as client:
        assert client.sendmail("labo@exemple.test", [BOX], letter()) == {}
        bad = letter().replace(b"X-MSS-NIL", b"X-RIEN")
        with pytest.raises(smtplib.SMTPDataError, match=r"ECO\.2\.4\.3 X-MSS-NIL"):
            client.sendmail("labo@exemple.test", [BOX], bad)
        assert client.docmd("NOOP")[0] == 250


@pytest.mark.parametrize(
    ("commands", "codes"),
    [
        (b"DATA\r\n", [b"503"]),
        (b"RCPT TO:<a@b>\r\n", [b"503"]),
        (b"MAIL a@b\r\n", [b"501"]),
        (b"VRFY a\r\nNOOP\r\n", [b"502", b"250"]),
        (b"RIEN\r\n" * 12, [b"502"] * 10),
        (b"MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRSET\r\nDATA\r\n", [b"250", b"250", b"250", b"503"]),
    ],
)
def test_clumsy_smtp_is_answered(kit: Kit, commands: bytes, codes: list[bytes]) -> None:
    place = kit.places["smtp"]
    with socket.create_connection((place.host, place.port), 5) as peer:
        replies = peer.makefile("rb")
        assert replies.readline().startswith(b"220")
        peer.sendall(commands)
        assert [replies.readline()[:3] for _ in codes] == codes
        if len(codes) == 10:
            assert replies.readline() == b"", "a client that talks nonsense is cut off"


def test_dots_are_undone_and_a_bare_line_feed_ends_nothing(kit: Kit) -> None:
    place = kit.places["smtp"]
    with socket.create_connection((place.host, place.port), 5) as peer:
        replies = peer.makefile("rb")
        peer.sendall(b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n")
        peer.sendall(b"Subject: x\r\n\r\n..dot\n.\nMAIL FROM:<x@y>\r\n.\r\nQUIT\r\n")
        lines = [replies.readline()[:3] for _ in range(6)]
    assert lines == [b"220", b"250", b"250", b"354", b"550", b"221"]
    assert kit.court.count == 1
    assert kit.outcome("S-SMTP-01").status is Status.NOT_MET


def test_the_command_ends_after_the_count_with_its_reports(tmp_path: Path) -> None:
    ready, junit, html = (tmp_path / name for name in ("ready.json", "card.xml", "card.html"))
    words = ["--mllp", "127.0.0.1:0", "--count", "2", "--ready-file", str(ready)]
    words += ["--junit", str(junit), "--html", str(html)]
    process = started(words)
    place = read_address(eventually(lambda: read(ready))["mllp"], "mllp")
    with line_to(place, 5) as line:
        for draft in (document(), document().set("PID", 32, "PROV")):
            line.message(draft.raw())
            line.answer()
    out, _ = process.communicate(timeout=20)
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
        with line_to(place, 5) as line:
            line.message(document().raw())
            line.answer()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
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
    with line_to(where, 5, tls) as line:
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

"""Each known mistake of the field, made by a small server, is found by the check that names it."""

import re
import socketserver
from collections.abc import Iterator
from typing import Any

import pytest
from wrong_servers import ack, field, framed, raw_mllp, serving
from wrong_servers import mllp as mllp_server
from wrong_servers import smtp as smtp_server

from conformance.bench import Bench
from conformance.catalogue import checks
from conformance.check import run
from conformance.made.person import invented
from conformance.made.serial import Serial
from conformance.requirement import Outcome, Status
from conformance.target import Target
from conformance.wire.address import Address

CHECKS = {one.requirement.id: one for one in checks()}
WHO = invented(Serial(1, "patient"))


HASTY, PATIENT = 0.3, 60.0
"""Seconds that an answer is waited for: some servers are silent, and some checks want silence."""


def tried(
    name: str,
    mllp: Address | None = None,
    smtp: Address | None = None,
    *,
    timeout: float = HASTY,
) -> Outcome:
    target = Target(
        mllp=mllp, smtp=smtp, patient=WHO, token="t", mail_from="a@exemple.test", timeout=timeout
    )
    return run(CHECKS[name], Bench(target, Serial(7, name)))


def is_met(name: str, **where: Address) -> bool:
    """Asked once more, and patiently, where a busy machine had no answer for who is in haste."""
    return any(
        tried(name, timeout=timeout, **where).status is Status.MET for timeout in (HASTY, PATIENT)
    )


def first_frame_only(peer: Any) -> None:
    """Takes what one read gives for one message."""
    while data := peer.recv(1_000_000):
        found = re.search(rb"\x0b(.*?)\x1c\r", data, re.DOTALL)
        peer.sendall(framed(ack(found[1] if found else data.strip(b"\x0b\x1c\r"))))


def close_after_answer(peer: Any) -> None:
    data = b""
    while not data.endswith(b"\x1c\r"):
        data += peer.recv(65_536)
    peer.sendall(framed(ack(data[1:-2])))


def always_utf8(message: bytes) -> bytes:
    return framed(ack(message.decode("iso8859-15").encode()))


def late() -> Any:
    """Answers each message with the acknowledgement of the one before."""
    before: list[bytes] = []

    def reply(message: bytes) -> bytes:
        before.append(message)
        return framed(ack(before[-2] if len(before) > 1 else b"MSH|^~\\&|A|B|C|D||||OLD|T|2.5"))

    return reply


def upper(message: bytes) -> bytes:
    return framed(ack(message, about=ack(message).split(b"MSA|AA|")[1].strip().upper()))


def mistake(old: bytes, new: bytes) -> Any:
    return lambda message: framed(ack(message).replace(old, new, 1))


def answering(reply: Any) -> type[socketserver.BaseRequestHandler]:
    return mllp_server(lambda message: framed(reply(message)))


def with_error(message: bytes) -> bytes:
    return ack(message) + b"ERR|||101^x^HL70357|E\r"


SERVERS: dict[str, tuple[type[socketserver.BaseRequestHandler], set[str], set[str]]] = {
    "always AA": (
        answering(ack),
        {"ACK-20", "ERR-01", "DUP-02", "TDC-10"},
        {"MLLP-01", "MLLP-03", "ACK-01", "ACK-03"},
    ),
    "the answer before": (mllp_server(late()), {"MLLP-01", "MLLP-21", "ACK-03"}, set()),
    "drops the second frame": (raw_mllp(first_frame_only), {"MLLP-03", "MLLP-25"}, {"MLLP-01"}),
    "answers each piece": (raw_mllp(first_frame_only), {"MLLP-04", "MLLP-05"}, {"MLLP-01"}),
    "sends the message back": (answering(bytes), {"MLLP-01", "ACK-01", "ACK-13"}, set()),
    "a line feed after it": (
        mllp_server(lambda m: framed(ack(m)) + b"\n"),
        {"MLLP-02"},
        {"ACK-01"},
    ),
    "no frame around it": (mllp_server(ack), {"MLLP-01"}, set()),
    "closes after it": (raw_mllp(close_after_answer), {"MLLP-20", "MLLP-21"}, {"MLLP-01"}),
    "always UTF-8": (mllp_server(always_utf8), {"ACK-14"}, {"ACK-01"}),
    "MSA-2 in capitals": (mllp_server(upper), {"ACK-03"}, {"ACK-01"}),
    "MSA-2 cut": (
        answering(lambda m: ack(m, about=field(m, 10)[:19])),
        {"ACK-03"},
        {"ACK-01", "MLLP-01"},
    ),
    "the last CR missing": (answering(lambda m: ack(m)[:-1]), {"ACK-11"}, {"ACK-01"}),
    "LF between segments": (answering(lambda m: ack(m).replace(b"\r", b"\n")), {"ACK-12"}, set()),
    "ACK alone": (mllp_server(mistake(b"ACK^R01^ACK", b"ACK")), {"ACK-05"}, {"ACK-04"}),
    "an error in an AA": (answering(with_error), {"ACK-15"}, {"ACK-01"}),
    "a code of nobody": (answering(lambda m: ack(m, b"OK")), {"ACK-01", "ACK-02"}, {"ACK-05"}),
    "silence": (raw_mllp(lambda peer: peer.recv(1)), {"MLLP-01", "ACK-01"}, {"MLLP-25"}),
}


@pytest.fixture(params=SERVERS)
def wrong(request: pytest.FixtureRequest) -> Iterator[tuple[Address, set[str], set[str]]]:
    handler, found, passed = SERVERS[request.param]
    with serving(handler) as place:
        yield place, found, passed


def test_a_mistake_is_found_by_the_check_that_names_it(
    wrong: tuple[Address, set[str], set[str]],
) -> None:
    place, found, passed = wrong
    for name in found:
        outcome = tried(name, mllp=place)
        assert outcome.status is Status.NOT_MET, name
        assert outcome.saw, name
    assert [name for name in passed if not is_met(name, mllp=place)] == []


def test_nobody_there_is_not_met_and_not_a_crash() -> None:
    outcome = tried("MLLP-01", mllp=Address("127.0.0.1", 1))
    assert outcome.status is Status.NOT_MET
    assert "cannot connect" in outcome.saw


def test_a_door_that_was_not_given_is_skipped_with_its_reason() -> None:
    assert tried("MLLP-01").status is Status.SKIPPED
    assert "--smtp" in tried("SMTP-01").saw


def test_auth_in_clear_text_is_found() -> None:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 wrong\r\n")
            self.rfile.readline()
            self.wfile.write(b"250-wrong\r\n250 AUTH LOGIN PLAIN\r\n")
            self.rfile.readline()

    with serving(Handler) as place:
        assert tried("SMTP-15", smtp=place).status is Status.NOT_MET
    with serving(smtp_server(b"250")) as place:
        assert is_met("SMTP-15", smtp=place)

"""A run against a server that hangs, drips or never ends has an end, and says what it met."""

import contextlib
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from daemon_rig import eventually
from wrong_servers import mllp, raw_mllp, serving

from conformance.bench import Bench
from conformance.catalogue import checks
from conformance.check import Check, run
from conformance.cli import main
from conformance.made.person import invented
from conformance.made.serial import Serial
from conformance.requirement import Outcome, Status
from conformance.target import Target
from conformance.wire.mllp import SilentError
from conformance.wire.patience import IN_A_ROW, NEVER_HEARD, Patience

CHECKS = {one.requirement.id: one for one in checks()}
WHO = invented(Serial(1, "patient"))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
STUCK_SECONDS = 30
CLOSED_PORT = "mllp://127.0.0.1:1"


def hang(peer: Any) -> None:
    while peer.recv(65_536):
        pass


def repeat(start: bytes, again: bytes, every: float) -> Callable[[Any], None]:
    """For half a minute: this test ends where the kit has no deadline, too."""

    def turn(peer: Any) -> None:
        peer.recv(65_536)
        peer.sendall(start)
        for _ in range(int(STUCK_SECONDS / every)):
            peer.sendall(again)
            time.sleep(every)

    return turn


SERVERS = {
    "hangs": hang,
    "drips": repeat(b"", b"2", 0.05),
    "drips a page": repeat(HEAD, b"A", 0.05),
    "goes on for ever": repeat(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
}


@contextlib.contextmanager
def trying(turn: Callable[[Any], None]) -> Iterator[Callable[[str], Outcome]]:
    patience = Patience()
    with serving(raw_mllp(turn)) as place:
        target = Target(
            mllp=place, http=f"http://{place}", smtp=place, patient=WHO, token="t",
            mail_from="a@exemple.test", timeout=0.2,
        )  # fmt: skip
        yield lambda name: run(CHECKS[name], Bench(target, Serial(7, name), patience))


@pytest.mark.parametrize("name", ["HTTP-07", "SMTP-01", "MLLP-01"])
@pytest.mark.parametrize("server", SERVERS)
def test_one_answer_has_one_deadline(server: str, name: str) -> None:
    with trying(SERVERS[server]) as outcome:
        found = outcome(name)
    assert found.status is Status.NOT_MET
    assert found.saw
    assert found.seconds < STUCK_SECONDS


def test_a_door_that_never_answers_is_given_up() -> None:
    called: list[Any] = []

    def turn(peer: Any) -> None:
        called.append(peer)
        hang(peer)

    with trying(turn) as outcome:
        for _ in range(NEVER_HEARD):
            assert outcome("ACK-01").saw == "no answer within 0.2 s"
        tried: int = eventually(lambda: len(called) == NEVER_HEARD and NEVER_HEARD)
        given_up = outcome("ACK-01")
        assert len(called) == tried, "the door is not even asked"
        other = outcome("HTTP-07")
    assert given_up.status is Status.NOT_MET
    assert given_up.saw == f"not tried: mllp was silent {NEVER_HEARD} times in a row"
    assert "no whole answer within 0.2 s" in other.saw


def test_a_certificate_that_is_not_trusted_is_no_answer_of_another_shape() -> None:
    def attempt(_: Bench) -> None:
        raise ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed")

    check = Check(CHECKS["MLLP-01"].requirement, attempt)
    saw = run(check, Bench(Target(), Serial(7, "x"))).saw
    assert saw.startswith("cannot connect: ")
    assert saw.endswith("self-signed")


def test_many_lines_of_one_try_are_one_silence() -> None:
    with trying(hang) as outcome:
        assert "no answer" in outcome("MLLP-23").saw
        assert "no answer" in outcome("ACK-01").saw


def test_a_door_that_only_takes_connections_was_not_heard() -> None:
    patience = Patience()
    for _ in range(NEVER_HEARD):
        with patience.at("mllp"):
            pass
        with pytest.raises(SilentError), patience.at("mllp"):
            raise SilentError("x")
    with pytest.raises(SilentError, match="not tried"), patience.at("mllp"):
        raise AssertionError("the door is not even asked")


def test_a_door_that_has_answered_is_given_more_time() -> None:
    patience = Patience()
    silent = mllp(lambda _: b"")
    with patience.at("mllp") as heard:
        heard()
    with serving(silent) as place:
        target = Target(mllp=place, patient=WHO, timeout=0.2)
        check = CHECKS["ACK-01"]
        saw = [run(check, Bench(target, Serial(7, "x"), patience)).saw for _ in range(IN_A_ROW + 1)]
    assert all(one.startswith("no answer") for one in saw[:-1])
    assert saw[-1].startswith("not tried")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--http", "127.0.0.1:8080"], "write http://HOST:PORT"),
        (["--http", "ftp://127.0.0.1"], "write http://HOST:PORT"),
        (["--http", "http://127.0.0.1:abc"], "write http://HOST:PORT"),
        (["--http", "http://[::1"], "write http://HOST:PORT"),
        (["--timeout", "-1", "--target", CLOSED_PORT], "--timeout"),
        (["--timeout", "nan", "--target", CLOSED_PORT], "--timeout"),
        (["--seed", "-4"], "--seed"),
        (["--ca", "absent.pem", "--target", CLOSED_PORT], "--ca"),
        (["--token", "clé", "--target", CLOSED_PORT], "token"),
    ],
)
def test_wrong_words_are_status_2_and_a_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(words)
    except SystemExit as end:
        status = int(str(end.code))
    assert (status, said in capsys.readouterr().err) == (2, True)

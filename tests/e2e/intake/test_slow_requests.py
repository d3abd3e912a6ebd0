"""What never becomes a whole request is cut: nothing, headers, forms and bodies that trickle in."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from configured import LOOPBACK, Operator
from daemon_rig import Daemon

PLAIN = '[http]\nlisten = "127.0.0.1:0"\n'
HURRIED = f"{PLAIN}request_seconds = 0.5\nidle_seconds = 2\n"
FORM = (
    b"Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n"
)


@dataclass(frozen=True)
class Hurried:
    """A gateway that waits 2 s for a request, and half a second for the rest of its body."""

    daemon: Daemon
    sender: str

    def answer_to(self, begun: bytes) -> bytes:
        """All that comes back before the gateway closes."""
        place, _, port = self.daemon.places["http"].removeprefix("http://").rpartition(":")
        with socket.create_connection((place, int(port)), timeout=120) as line:
            line.sendall(begun)
            return b"".join(iter(lambda: line.recv(65_536), b""))


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hurried]:
    folder = tmp_path_factory.mktemp("hurried")
    operator = Operator(folder / "house").prepare(LOOPBACK.replace(PLAIN, HURRIED))
    sender = operator.sender("laboratory")
    daemon = Daemon(folder, ["--config", str(operator.config)]).start()
    try:
        yield Hurried(daemon, sender)
        assert daemon.stop() == 0
    finally:
        daemon.end()


def test_a_body_that_trickles_in_is_cut(hurried: Hurried) -> None:
    head = (
        f"POST /documents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {hurried.sender}\r\n"
    )
    head += "Content-Type: application/xml\r\nContent-Length: 1000\r\n\r\n"
    assert hurried.answer_to(head.encode() + b"<ClinicalDocument").startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
def test_what_never_becomes_a_request_is_closed_without_a_word(
    hurried: Hurried, begun: bytes
) -> None:
    assert hurried.answer_to(begun) == b""


def test_a_form_of_a_page_that_trickles_in_is_answered_in_words(hurried: Hurried) -> None:
    said = hurried.answer_to(b"POST /connexion HTTP/1.1\r\n" + FORM + b"\r\njeton=")
    assert said.startswith(b"HTTP/1.1 408 ")
    assert "Vérifiez votre connexion et recommencez.".encode() in said

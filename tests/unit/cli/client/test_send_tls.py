"""`gateway send` to a door behind TLS: whose authority, and which certificate of ours."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from authority import Authority
from place import cda, command


class Door(BaseHTTPRequestHandler):
    """Says 201 and the name in the certificate of whoever posts."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.connection, ssl.SSLSocket)
        told = self.connection.getpeercert()
        body = str(told["subject"] if told else "").encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the console of the tests."""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


@pytest.fixture
def door(authority: Authority) -> Iterator[str]:
    """The address of a door that asks for a certificate of the same authority."""
    own = authority.issue("door")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority.path))
    context.load_cert_chain(own, own.with_suffix(".key"))
    context.verify_mode = ssl.CERT_REQUIRED
    with HTTPServer(("127.0.0.1", 0), Door) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(120)


@pytest.fixture
def letter(tmp_path: Path) -> str:
    file = tmp_path / "letter.xml"
    file.write_bytes(cda(1))
    return str(file)


def test_https_takes_the_authority_and_the_certificate_that_are_named(
    letter: str, door: str, authority: Authority
) -> None:
    own = authority.issue("Labo")
    files = ("--ca", str(authority.path), "--certificate", str(own))

    sent = command("send", letter, "--to", door, *files, "--key", str(own.with_suffix(".key")))

    assert (sent.status, "201" in sent.out, "Labo" in sent.out) == (0, True, True)


def test_https_trusts_no_authority_that_is_not_named(letter: str, door: str) -> None:
    status, _, err = command("send", letter, "--to", door)
    assert (status, "no answer" in err) == (3, True)


def test_https_asks_for_the_name_of_the_host(letter: str, door: str, authority: Authority) -> None:
    named = door.replace("127.0.0.1", "localhost")
    status, _, err = command("send", letter, "--to", named, "--ca", str(authority.path))
    assert (status, "no answer" in err) == (3, True)


def test_files_that_cannot_be_used_are_said_for_https_too(letter: str) -> None:
    status, out, err = command("send", letter, "--to", "https://127.0.0.1:1", "--ca", "none.pem")
    assert (status, out, "--ca" in err) == (2, "", True)

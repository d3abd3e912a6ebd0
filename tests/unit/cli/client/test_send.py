"""`gateway send`: what is typed wrong is said at once; what answers wrongly is no traceback."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dmp_authority import DmpAuthority
from place import cda, command


@pytest.fixture
def letter(tmp_path: Path) -> str:
    file = tmp_path / "letter.xml"
    file.write_bytes(cda(1))
    return str(file)


@pytest.fixture
def other_server() -> Iterator[int]:
    """The port of somebody who does not speak HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            peer, _address = server.accept()
            with peer:
                peer.recv(65_536)
                peer.sendall(b"220 mail.exemple.test ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        yield server.getsockname()[1]
        thread.join(120)


@pytest.mark.parametrize(
    "words",
    [
        ("mllp://h:abc",),
        ("mllp://h:99999",),
        ("mllp://",),
        ("mllp://a..b:2575",),
        ("smtp://h:abc", "--mail-to", "a@b.fr"),
        ("http://h:abc",),
        ("http://",),
        ("http://[::1",),
        ("ftp://h",),
        ("h:2575",),
        ("http://h", "--token", "a\nb"),
        ("http://h", "--token", "é"),
        ("http://h", "--timeout", "0"),
        ("smtp://h",),
        ("smtp://h", "--mail-to", "a@b.fr\nBcc: c@d.fr"),
        ("smtp://h", "--mail-to", "a@b.fr", "--mail-from", "a@b.fr\n"),
        ("dmp+https://h",),
        ("dmp+https://h", "--card", "/nowhere/card.pem"),
        ("dmp+https://h", "--card", os.devnull),
    ],
)
def test_what_cannot_be_sent_to_is_a_usage_error(letter: str, words: tuple[str, ...]) -> None:
    status, out, err = command("send", letter, "--to", *words)
    assert (status, out, err.count("\n") > 0, "Traceback" in err) == (2, "", True, False)


@pytest.mark.parametrize(
    ("to", "patient"),
    [
        ("dmp+http://h", "255089999999966"),
        ("https://h", "255089999999966"),
        ("dmp+https://h", "25508999999996"),
        ("dmp+https://h", "255089999999966^^^&&ISO^NH"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(tmp_path: Path, to: str, patient: str) -> None:
    card = str(DmpAuthority().signer().write(tmp_path / "card.pem"))
    words = ("dmp", "find", "--to", to, "--patient", patient, "--card", card)
    status, out, err = command(*words)
    assert (status, out, err.count("\n"), "Traceback" in err) == (2, "", 1, False)


def test_what_does_not_speak_http_gave_no_answer(letter: str, other_server: int) -> None:
    status, _, err = command("send", letter, "--to", f"http://127.0.0.1:{other_server}")
    assert (status, "does not speak HTTP" in err) == (3, True)


def test_nobody_there_is_no_connection(letter: str) -> None:
    for scheme in ("http", "https"):
        status, _, err = command("send", letter, "--to", f"{scheme}://127.0.0.1:1")
        assert (status, "127.0.0.1:1 cannot be reached: connection refused\n" in err) == (3, True)
        assert "ssl:" not in err


def test_a_file_name_and_a_terminal_without_utf8_are_shown_as_well_as_can_be(
    tmp_path: Path,
) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9-\xff.xml")).write_bytes(cda(1))
    for more in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "gateway", "inspect", str(tmp_path), *more],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
        )
        assert (done.returncode, done.stderr) in ((0, b""), (1, b""))
        assert b"caf" in done.stdout


@pytest.mark.parametrize("to", ["mllp://127.0.0.1:1", "http://127.0.0.1:1", "smtp://127.0.0.1:1"])
def test_a_file_that_is_not_there_is_no_silence_of_the_receiver(to: str) -> None:
    status, out, err = command("send", "missing.xml", "--to", to, "--mail-to", "a@exemple.fr")
    assert (status, out) == (2, "")
    assert err == "missing.xml cannot be read: No such file or directory\n"


def test_tls_files_that_cannot_be_used_are_no_silence_of_the_receiver(letter: str) -> None:
    status, out, err = command("send", letter, "--to", "mllps://127.0.0.1:1", "--ca", "none.pem")
    assert (status, out, "--ca" in err) == (2, "", True)


def test_a_door_that_stays_silent_is_told_in_words(letter: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        status, _, err = command(
            "send", letter, "--to", f"http://127.0.0.1:{port}", "--timeout", "0.2"
        )
    assert (status, "nothing came within 0.2 s" in err) == (3, True)

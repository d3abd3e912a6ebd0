"""A mail that comes again through another relay bears other traces and is the same mail."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from daemon_rig import Daemon
from papers import number

TRACES = (
    "",
    "Received: from relais-1.exemple.test by relais-2.exemple.test; Thu, 15 Jan 2026 10:00:00 +0100"
    "\r\nDKIM-Signature: v=1; a=rsa-sha256; b=abc\r\nX-Virus-Scanned: oui\r\n",
    "Return-Path: <labo@demo.mssante.fr>\r\nReceived: from relais-3.exemple.test\r\n"
    "\tby relais-4.exemple.test; Thu, 15 Jan 2026 12:00:00 +0100\r\n",
)


def letter(gateway: Daemon, message_id: str, words: str = "Bonjour") -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"] = gateway.demo["mail_sender"]
    made["To"] = f"{gateway.person().ins}@patient.mssante.fr"
    made["Subject"], made["Message-ID"] = "Un mot", message_id
    made.set_content(words)
    return made.as_bytes()


def sent(gateway: Daemon, raw: bytes) -> str:
    """The receipt."""
    with gateway.smtp() as client:
        client.ehlo()
        assert client.mail(gateway.demo["mail_sender"])[0] == 250
        assert client.rcpt(f"{gateway.person().ins}@patient.mssante.fr")[0] == 250
        code, reply = client.data(raw)
    assert code == 250, reply
    return reply.decode().split()[-1]


@pytest.mark.parametrize("traces", TRACES)
def test_a_mail_is_taken_once_by_whatever_relay_it_comes_again(
    gateway: Daemon, traces: str
) -> None:
    raw = letter(gateway, f"<{number()}.relais@demo.mssante.fr>")
    assert sent(gateway, traces.encode() + raw) == sent(gateway, raw)


def test_other_words_under_the_same_message_id_are_another_mail(gateway: Daemon) -> None:
    name = f"<{number()}.relais@demo.mssante.fr>"
    first, second = letter(gateway, name), letter(gateway, name, "Un autre mot")
    assert sent(gateway, first) != sent(gateway, second)
    assert sent(gateway, second) != sent(gateway, first)


def test_a_mail_without_a_message_id_is_known_by_its_bytes_alone(gateway: Daemon) -> None:
    raw = letter(gateway, f"<{number()}.relais@demo.mssante.fr>", f"Mot {number()}")
    bare = b"\r\n".join(one for one in raw.split(b"\r\n") if not one.startswith(b"Message-ID"))
    assert sent(gateway, bare) == sent(gateway, bare)
    assert sent(gateway, TRACES[1].encode() + bare) != sent(gateway, bare)

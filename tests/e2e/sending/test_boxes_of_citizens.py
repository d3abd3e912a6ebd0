"""Which boxes of citizens there are, by the state of their space (VAULT MSG-01)."""

import pytest
from daemon_rig import Daemon


@pytest.mark.parametrize(
    ("account", "reply"),
    [
        ("active", (250, b"2.1.5")),
        ("created", (250, b"2.1.5")),
        ("invited", (550, b"5.1.1")),
        ("opposed", (550, b"5.1.1")),
        ("closed", (550, b"5.2.1")),
    ],
)
def test_a_box_is_there_from_creation_to_closing(
    gateway: Daemon, account: str, reply: tuple[int, bytes]
) -> None:
    box = f"{gateway.person(account).ins}@patient.mssante.fr"
    with gateway.smtp() as client:
        client.ehlo()
        client.mail(gateway.demo["mail_sender"])
        code, said = client.rcpt(box)
    assert (code, said.split()[0]) == reply


@pytest.mark.parametrize(
    ("sender", "account", "reply"),
    [
        ("labo@demo.mssante.fr", "created", "250 2.0.0 Ok, filed:"),
        ("", "active", "550 5.7.1 Receipts go where the mail came from"),
    ],
)
def test_words_alone_are_taken_and_without_a_sender_only_a_receipt_is(
    gateway: Daemon, sender: str, account: str, reply: str
) -> None:
    box = f"{gateway.person(account).ins}@patient.mssante.fr"
    with gateway.smtp() as client:
        client.ehlo()
        client.mail(sender)
        client.rcpt(box)
        words = f"From: labo@demo.mssante.fr\r\nTo: {box}\r\nSubject: Suivi\r\n\r\nBonjour\r\n"
        code, said = client.data(words.encode())
    assert f"{code} {said.decode()}".startswith(reply)

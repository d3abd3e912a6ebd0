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

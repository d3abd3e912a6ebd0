"""Messages that ask to be told, a configured gateway that takes them, and what it tells."""

import json
from pathlib import Path

from configured import LOOPBACK, Operator, order, serve
from daemon_rig import Daemon, Make
from listening_peer import ListeningPeer
from papers import stranger

ORDERS = {
    "MASQUE_PS": "N",
    "INVISIBLE_PATIENT": "N",
    "INVISIBLE_REP_LEGAUX": "N",
    "CONNEXION_SECRETE": "N",
    "MODIF_CONF_CODE": "N",
    "DESTDMP": "Y",
    "DESTMSSANTEPS": "N",
    "DESTMSSANTEPAT": "N",
    "ACK_RECEPTION": "Y",
    "ACK_LECTURE_MSS": "N",
}
DOCTOR = "899700000011"
NOBODY = stranger(order=322)
REFUSED = ("AE", "ERR|||101^Required field missing^HL70357|E")
CONFIG = f"""{LOOPBACK}
[tasks]
every_seconds = 0.1
lease_seconds = 5
[sending]
connect_seconds = 1.0
answer_seconds = 2.5
"""


def asking(raw: bytes, *, mail_to: str = "", **orders: str) -> bytes:
    """The message with its orders; `mail_to` a recipient."""
    lines = ["PRT||UC||SB^^participation|801234567897^HODA^Adam"]
    if mail_to:
        lines.append(f"PRT||UC||RCT^^participation|{DOCTOR}||||||||||^^X.400^{mail_to}")
    for place, (code, value) in enumerate((ORDERS | orders).items(), 2):
        lines.append(f"OBX|{place}|CWE|{code}^^MetaDMPMSS||{value}^^expandedYes-NoIndicator||||||F")
    return raw + "".join(f"{line}\r" for line in lines).encode()


def kind_of(message: bytes) -> str:
    return message.split(b"|")[8].decode()


def told(message: bytes) -> tuple[str, str, str]:
    """ZAM: its event, OBX-4 and OBX-5 of the first OBX."""
    first = next(line for line in message.split(b"\r") if line.startswith(b"OBX|1|"))
    fields = first.decode().split("|")
    return kind_of(message).split("^")[1], fields[4], fields[5].split("^")[0]


def once(messages: list[bytes]) -> list[bytes]:
    """In the order of their first arrival: on a slow machine one may come twice."""
    return list(dict.fromkeys(messages))


def listening(
    make_gateway: Make, tmp_path: Path, more: str, *words: str
) -> tuple[Daemon, Operator]:
    """A started gateway that takes what `laboratory` sends; `words` are those of its account."""
    operator = Operator(tmp_path / "house").prepare(CONFIG + more)
    operator.sender("laboratory", *words)
    return serve(make_gateway, operator), operator


def forward(name: str, peer: ListeningPeer) -> str:
    return f'[[forward]]\nname = "{name}"\nto = "mllp://{peer.place}"\n'


def tasks(operator: Operator, *words: str) -> list[dict[str, object]]:
    done = order("task", "list", "--json", "--config", str(operator.config), *words)
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]

"""Business acknowledgements and forwards, from outside: a real daemon and real listeners."""

import json
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from authority import Authority
from configured import LOOPBACK, Operator, gateway
from daemon_rig import Daemon, Make, eventually
from listening_peer import ListeningPeer, ack
from papers import mdm, number, report, results, stranger
from receipts import dsn, mdn, message_id

from gateway.adapters.mllp import tls_context

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


@pytest.fixture
def peer() -> Iterator[ListeningPeer]:
    one = ListeningPeer().start()
    yield one
    one.stop()


def listening(
    make_gateway: Make, tmp_path: Path, more: str, *words: str
) -> tuple[Daemon, Operator]:
    """A started gateway that takes what `laboratory` sends; `words` are those of its account."""
    operator = Operator(tmp_path / "house").prepare(CONFIG + more)
    operator.sender("laboratory", *words)
    daemon = make_gateway()
    daemon.words = ["--config", str(operator.config)]
    return daemon.start(), operator


def forward(name: str, peer: ListeningPeer) -> str:
    return f'[[forward]]\nname = "{name}"\nto = "mllp://{peer.place}"\n'


def tasks(operator: Operator, *words: str) -> list[dict[str, object]]:
    done = gateway("task", "list", "--json", "--config", str(operator.config), *words)
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_sender_who_asks_is_told_at_its_own_address(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    daemon, operator = listening(make_gateway, tmp_path, "", "--answers", f"mllp://{peer.place}")
    who = operator.person

    assert daemon.mllp(asking(mdm(report(who), "ASK-1"), DESTMSSANTEPS="N")).code == "AA"
    eventually(lambda: peer.messages)
    assert told(peer.messages[0]) == ("Z01", "ASK-1", "Y")
    assert peer.messages[0].startswith(b"MSH|^~\\&|PASSERELLE|VAULT|RIS|CHARMES|")

    assert daemon.mllp(asking(mdm(report(who), "ASK-2"), ACK_RECEPTION="N")).code == "AA"
    refused = daemon.mllp(asking(mdm(report(NOBODY), "ASK-3")))
    assert (refused.code, refused.errors[-1][2]) == ("AE", "902")
    eventually(lambda: len(peer.messages) == 2)
    assert told(peer.messages[1]) == ("Z01", "ASK-3", "N")
    assert b"|902^Identifiant de patient inconnu^applicationErrorCode\r" in peer.messages[1]


def test_an_answer_leaves_after_the_gateway_was_killed(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    """At least once, and always the same bytes: what a kill repeats, a receiver can know."""
    daemon, operator = listening(make_gateway, tmp_path, "", "--answers", f"mllp://{peer.place}")
    taken = peer.answer
    peer.answer = lambda _message: None

    assert daemon.mllp(asking(mdm(report(operator.person), "KILL-1"))).code == "AA"
    eventually(lambda: peer.messages)
    daemon.kill()
    peer.answer = taken
    daemon.start()
    eventually(lambda: len(peer.messages) > 1)

    assert set(peer.messages) == {peer.messages[0]}
    assert told(peer.messages[0]) == ("Z01", "KILL-1", "Y")
    eventually(lambda: not [one for one in tasks(operator) if one["lane"]])


def test_forwards_wait_for_a_receiver_that_is_away_and_leave_in_order(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    peer.stop()
    others = ListeningPeer().start()
    more = (
        f'{forward("lis", peer)}types = ["ORU"]\n'
        f'{forward("archive", others)}receiving_application = "ARCHIVE"\n'
    )
    daemon, operator = listening(make_gateway, tmp_path, more, "--results-only")
    sent = [results(operator.person, f"FWD-{n}") for n in range(20)]
    with_line = daemon.line()
    for raw in sent:
        assert with_line.ask(raw).code == "AA"
    with_line.close()

    eventually(lambda: len(once(others.messages)) == 20)
    assert once(others.messages) == [raw.replace(b"|PASSERELLE|", b"|ARCHIVE|", 1) for raw in sent]
    waiting = {line["lane"] for line in tasks(operator) if line["kind"] == "forward"}
    assert waiting == {"forward:lis"}
    peer.start()
    eventually(lambda: len(once(peer.messages)) == 20, seconds=30)
    assert once(peer.messages) == sent
    others.stop()


def test_a_refused_forward_is_a_dead_letter_until_somebody_tries_again(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    daemon, operator = listening(make_gateway, tmp_path, forward("lis", peer), "--results-only")
    peer.answer = lambda raw: ack(raw, *(REFUSED if b"DEAD-1" in raw else ("AA",)))

    receipt = daemon.mllp(results(operator.person, "DEAD-1")).receipt
    daemon.mllp(results(operator.person, "DEAD-2"))
    (dead,) = eventually(lambda: tasks(operator, "--dead"))
    eventually(lambda: peer.controls == ["DEAD-1", "DEAD-2"])
    assert (dead["outcome"], dead["subject"], dead["lane"]) == (
        "refused: AE 101",
        receipt,
        "forward:lis",
    )
    peer.answer = ack
    done = gateway("task", "retry", str(dead["id"]), "--config", str(operator.config))
    assert done.returncode == 0, done.stderr
    eventually(lambda: peer.controls == ["DEAD-1", "DEAD-2", "DEAD-1"])
    eventually(lambda: tasks(operator, "--dead") == [] or None)


def test_a_message_without_a_space_here_goes_on_and_a_masked_one_stays(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    biology = forward("lis", peer) + 'labels = ["BIOLOGIE"]\n'
    daemon, operator = listening(make_gateway, tmp_path, biology)

    secret = asking(mdm(report(operator.person), "MASKED"), MASQUE_PS="Y", ACK_RECEPTION="N")
    assert daemon.mllp(secret).code == "AA"
    stranger_s = asking(mdm(report(NOBODY), "ABSENT"), ACK_RECEPTION="N")
    answer = daemon.mllp(stranger_s)

    assert answer.code == "AA"
    assert ("I", "207", "902") in answer.errors
    eventually(lambda: peer.messages == [stranger_s])
    (dead,) = eventually(lambda: tasks(operator, "--dead"))
    assert dead["outcome"] == "denied: F60"


def test_a_business_answer_that_comes_back_is_kept_beside_its_message(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    daemon, operator = listening(make_gateway, tmp_path, forward("dmp", peer))
    receipt = daemon.mllp(asking(mdm(report(operator.person), "BACK-1"))).receipt
    eventually(lambda: peer.messages)

    zam = (
        "MSH|^~\\&|DMP|THERE|RIS|CHARMES|20260115||ZAM^Z01^ZAM_Z01|B1|P|2.6|||||FRA"
        "|UNICODE UTF-8|||2.1^CISIS_CDA_HL7_V2\rEVN||20260115\r"
        "OBX|1|CWE|ACK_RECEPTION_DMP^x^AckMetierZAM|BACK-1|N^^expandedYes-NoIndicator||||||F\r"
        "ERR|||207^x^messageErrorCondition|E|DMPClosed^DMP fermé^DMPERRORCODE\r"
    ).encode()
    answer = daemon.mllp(zam)
    assert (answer.code, answer.raw.split(b"|")[8]) == ("AA", b"ACK^Z01^ACK")
    unknown = daemon.mllp(zam.replace(b"|B1|", b"|B2|").replace(b"BACK-1", b"BACK-9"))
    assert (unknown.code, unknown.errors) == ("AE", [("E", "204", "")])

    done = gateway("task", "list", "--receipt", receipt, "--config", str(operator.config))
    assert "forward:dmp" in done.stdout
    assert f"Z01 N DMPClosed {answer.receipt}" in done.stdout


def test_the_demo_shows_what_its_sender_would_be_told(gateway: Daemon) -> None:
    address = f"dr{number()}@exemple.mssante.fr"
    control = f"E2E{number()}"
    raw = asking(mdm(report(gateway.person()), control), mail_to=address, DESTMSSANTEPS="Y")

    assert gateway.mllp(raw).code == "AA"
    folder = Path(gateway.demo["answers"]["folder"])

    def answers() -> list[bytes]:
        files = [path.read_bytes() for path in folder.glob("*.hl7")]
        return [one for one in files if control.encode() in one]

    eventually(lambda: len(answers()) == 2)
    assert sorted(kind_of(one) for one in answers()) == ["ZAM^Z01^ZAM_Z01", "ZAM^Z02^ZAM_Z01"]
    mailed = next(one for one in answers() if b"Z02" in one)
    assert f"|{DOCTOR}|^^X.400^{address}|".encode() in mailed


def mailed(gateway: Daemon, address: str) -> bytes:
    """The mail that left for this address."""
    folder = Path(gateway.demo["outbox"]).parent / "sent-mail"

    def found() -> list[bytes]:
        mails = [path.read_bytes() for path in folder.glob("*.eml")]
        return [one for one in mails if f"To: {address}".encode() in one]

    return bytes(eventually(found)[0])


def answered(gateway: Daemon, control: str, event: str) -> bytes:
    """The business answer of this event that the demo's sender got for this message."""
    folder = Path(gateway.demo["answers"]["folder"])

    def found() -> list[bytes]:
        files = [path.read_bytes() for path in folder.glob("*.hl7")]
        return [one for one in files if control.encode() in one and event.encode() in one]

    return bytes(eventually(found)[-1])


def test_receipts_that_come_by_mail_are_told_to_who_asked(gateway: Daemon) -> None:
    address, control = f"dr{number()}@exemple.mssante.fr", f"E2E{number()}"
    wishes = {"DESTMSSANTEPS": "Y", "ACK_RECEPTION": "N", "ACK_LECTURE_MSS": "Y"}
    raw = asking(mdm(report(gateway.person()), control), mail_to=address, **wishes)
    assert gateway.mllp(raw).code == "AA"
    mail = mailed(gateway, address)
    ours, box = "passerelle@demo.mssante.fr", f"{gateway.person().ins}@patient.mssante.fr"
    assert f"Disposition-Notification-To: {ours}".encode() in mail

    with gateway.smtp() as client:
        client.sendmail("", [ours], mdn(message_id(mail), to=ours))
        client.sendmail("", [ours], dsn(message_id(mail), to=ours))
        with pytest.raises(smtplib.SMTPDataError, match="report-unknown"):
            client.sendmail("", [ours], mdn("<somebody@else.mssante.fr>", to=ours))
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("", [box], mdn(message_id(mail)))

    read = answered(gateway, control, "ZAM^Z03^ZAM_Z01")
    assert b"|Y^^expandedYes-NoIndicator|" in read
    assert (
        f"OBX|2|XTN|LECTEUR_MSS^Lecteur du courriel MSSanté^AckMetierZAM|{DOCTOR}|".encode() in read
    )


def test_a_mail_that_came_back_is_told_with_its_code(gateway: Daemon) -> None:
    address, control = f"dr{number()}@exemple.mssante.fr", f"E2E{number()}"
    raw = asking(mdm(report(gateway.person()), control), mail_to=address, DESTMSSANTEPS="Y")
    assert gateway.mllp(raw).code == "AA"
    ours = "passerelle@demo.mssante.fr"
    with gateway.smtp() as client:
        client.sendmail("", [ours], dsn(message_id(mailed(gateway, address)), to=ours))

    def came_back() -> bool:
        return b"|550^" in answered(gateway, control, "SMTPERRORCODE")

    assert eventually(came_back)


def test_a_forward_inside_tls_shows_both_certificates_and_a_silent_peer_stops_nothing(
    make_gateway: Make, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "tls")
    server, own = authority.issue("lis"), authority.issue("passerelle")
    inside = tls_context(server, server.with_suffix(".key"), client_ca=authority.path)
    peer = ListeningPeer(tls=inside).start()
    silent = ListeningPeer(lambda _message: None).start()
    more = (
        f'ca = "{authority.path}"\ncertificate = "{own}"\nkey = "{own.with_suffix(".key")}"\n'
        f'[[forward]]\nname = "lis"\nto = "mllps://{peer.place}"\n'
        f"{forward('silent', silent)}"
    )
    daemon, operator = listening(make_gateway, tmp_path, more, "--results-only")
    sent = [results(operator.person, f"TLS-{n}") for n in range(3)]
    for raw in sent:
        assert daemon.mllp(raw).code == "AA"

    eventually(lambda: len(once(peer.messages)) == 3)
    assert once(peer.messages) == sent
    assert peer.certificates[0] is not None
    assert set(silent.controls) <= {"TLS-0"}
    assert daemon.stop() == 0
    assert operator.person.ins not in daemon.log.read_text("utf-8")
    peer.stop()
    silent.stop()


def test_every_dead_letter_of_a_kind_is_sent_again_at_once(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    daemon, operator = listening(make_gateway, tmp_path, forward("lis", peer), "--results-only")
    peer.answer = lambda raw: ack(raw, *REFUSED)
    for n in range(3):
        daemon.mllp(results(operator.person, f"ALL-{n}"))
    eventually(lambda: len(tasks(operator, "--dead")) == 3)
    peer.answer = ack
    words = ["task", "retry", "--dead", "--config", str(operator.config), "--kind"]
    assert gateway(*words, "mail").stdout == ""
    assert gateway(*words, "forward").stdout.count("due again") == 3
    eventually(lambda: peer.controls == ["ALL-0", "ALL-1", "ALL-2"] * 2)

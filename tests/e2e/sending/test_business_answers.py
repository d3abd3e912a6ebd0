"""Business acknowledgements, from outside: a real daemon and a listener of its sender."""

import smtplib
from pathlib import Path

import pytest
from asking import DOCTOR, NOBODY, asking, forward, kind_of, listening, once, tasks, told
from configured import order
from daemon_rig import Daemon, Make, eventually
from listening_peer import ListeningPeer
from papers import mdm, number, report
from receipts import dsn, mdn, message_id


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
    eventually(lambda: len(once(peer.messages)) == 2)
    second = once(peer.messages)[1]
    assert told(second) == ("Z01", "ASK-3", "N")
    assert b"|902^Identifiant de patient inconnu^applicationErrorCode\r" in second


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

    done = order("task", "list", "--receipt", receipt, "--config", str(operator.config))
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
        for other in (mdn("<somebody@else.mssante.fr>"), b"Subject: Question\r\n\r\nBonjour\r\n"):
            with pytest.raises(smtplib.SMTPDataError, match=r"5\.7\.1"):
                client.sendmail("", [box], other)

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

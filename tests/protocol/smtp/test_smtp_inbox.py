"""The secure mail door on the wire: durable before 250; each reply, address and content."""

import asyncio

import pytest
from inbox_house import BOX, CLOSED, LIMITS, MAIL, SENDER, Daemon, Peer, talking

from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError
from gateway.mssante.smtp.inbox import SmtpInbox
from gateway.mssante.smtp.replies import REPLIES
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Finding, Severity, Verdict


async def test_the_last_word_of_250_is_the_receipt() -> None:
    daemon = Daemon()
    async with talking(daemon) as (peer, _):
        reply = await peer.mail()
    assert reply.startswith("250 2.0.0 ")
    assert reply.split()[-1] == "r1"
    [mail] = daemon.mails
    assert (mail.sender, mail.recipients, mail.raw) == (SENDER, (BOX,), MAIL)


async def test_nothing_is_answered_before_the_message_is_durable() -> None:
    daemon = Daemon()
    daemon.gate.clear()
    async with talking(daemon) as (peer, _):
        answering = asyncio.create_task(peer.mail())
        done, _ = await asyncio.wait([answering], timeout=0.05)
        assert not done
        daemon.gate.set()
        assert (await answering).startswith("250")


def test_every_error_that_crosses_rooms_has_its_reply() -> None:
    assert set(REPLIES) == set(GatewayError.__subclasses__())


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (RefusedError("no"), "554 5.6.0"),
        (DeferredError("later"), "451 4.3.0"),
        (DeferredError("full", disk_full=True), "452 4.3.1"),
        (DeniedError("not you"), "550 5.7.1"),
        (ZeroDivisionError("a bug"), "451 4.3.0"),
        (Answer(receipt="r", verdict=Verdict.HOLD), "250 2.0.0"),
    ],
)
async def test_what_the_flow_says_becomes_a_code(outcome: Answer | Exception, code: str) -> None:
    async with talking(Daemon(outcome)) as (peer, _):
        reply = await peer.mail()
    assert reply.startswith(code)


async def test_a_box_that_is_no_patients_is_told_as_such() -> None:
    """The address is well formed: "malformed" would have its writer look for a typing error."""
    async with talking(Daemon()) as (peer, _):
        to = "RCPT TO:<postmaster@patient.mssante.fr>"
        reply = await peer.say("EHLO c", f"MAIL FROM:<{SENDER}>", to)
    assert reply == "550 5.1.3 No patient's mailbox: the INS stands before the @"
    assert "bug" not in reply


@pytest.mark.parametrize(
    ("code", "reply"),
    [("hash-mismatch", "554 5.6.0"), ("vault-absent", "550 5.1.1"), ("vault-closed", "550 5.2.1")],
)
async def test_a_refusal_says_its_first_findings(code: str, reply: str) -> None:
    finding = Finding(code=code, severity=Severity.ERROR, where="/", message="Mend\r\nit é.")
    refused = Answer(receipt="r", verdict=Verdict.REFUSE, findings=(finding,))
    async with talking(Daemon(refused)) as (peer, _):
        said = await peer.mail()
    assert said == f"{reply} {code}: Mend it . (receipt r)"


async def test_the_transparency_dot_is_taken_away_once() -> None:
    daemon = Daemon()
    async with talking(daemon) as (peer, _):
        await peer.mail(MAIL + b"..point\r\n")
    assert daemon.mails[0].raw.endswith(b"\r\n.point\r\n")


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        ("<other@chu.fr>", "554 5.7.1"),
        ("<a@patient.mssante.fr.evil.fr>", "554 5.7.1"),
        ("<000000000000000@patient.mssante.fr>", "550 5.1.1"),
        (f"<{CLOSED}>", "550 5.2.1"),
        ("<12@patient.mssante.fr>", "550 5.1.3"),
        ("<２５５０８９９９９９９９９６６@patient.mssante.fr>", "550 5.1.3"),
        ("<255089999999966@patient.mssаnte.fr>", "550 5.1.3"),
        ('<"../../etc"@patient.mssante.fr>', "550 5.1.3"),
        ("<>", "550 5.1.3"),
        (f"<{BOX}> FOO=1", "555 5.5.4"),
        (f"<{BOX}> NOTIFY=SUCCESS,FAILURE", "250 2.1.5"),
        (f"<@relay.fr:{BOX}>", "250 2.1.5"),
        (f"<{BOX.upper()}>", "250 2.1.5"),
    ],
)
async def test_only_the_boxes_of_our_patients_take_mail(recipient: str, code: str) -> None:
    async with talking(Daemon()) as (peer, _):
        reply = await peer.say("EHLO c", f"MAIL FROM:<{SENDER}>", f"RCPT TO:{recipient}")
    assert reply.startswith(code)


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        ("FROM:<a@evil.test>", "550 5.7.1"),
        ("FROM:<>", "250 2.1.0"),
        (f"FROM:<{SENDER}> SIZE=100001", "552 5.3.4"),
        (f"FROM:<{SENDER}> SIZE=x", "501 5.5.4"),
        (f"FROM:<{SENDER}> BODY=BINARYMIME", "501 5.5.4"),
        (f"FROM:<{SENDER}> BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=1", "250 2.1.0"),
        ("<a@b>", "501 5.1.7"),
    ],
)
async def test_the_sender_is_judged_at_mail(argument: str, code: str) -> None:
    async with talking(Daemon()) as (peer, _):
        assert (await peer.say("EHLO c", f"MAIL {argument}")).startswith(code)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"Subject: a\r\n", "550 5.7.1"),
        (b"From: a@demo.mssante.fr\r\nFrom: b@demo.mssante.fr\r\n", "550 5.7.1"),
        (b"From: a@demo.mssante.fr, b@demo.mssante.fr\r\n", "550 5.7.1"),
        (b'From: "dr@chu.mssante.fr" <x@evil.test>\r\n', "550 5.7.1"),
        (b"From: labo@demo.mssante.fr\r\n" + b"Received: x\r\n" * 51, "554 5.4.6"),
        (b"From: labo@demo.mssante.fr\r\n" + b"X: x\r\n" * 1_001, "552 5.3.4"),
        (b"From: labo@demo.mssante.fr\r\n\r\n" + b"a" * 999, "500 5.5.2"),
        (b"From: labo@demo.mssante.fr\r\n\r\n" + b"a" * 40_000, "500 5.5.2"),
        (b"From: labo@demo.mssante.fr\r\n\r\n" + b"a" * 998 + b"\r\nb", "250 2.0.0"),
        (b"From: labo@demo.mssante.fr\r\n\r\n" + b"a\r\n" * 40_000, "552 5.3.4"),
    ],
)
async def test_the_content_is_judged_before_it_is_handed_on(head: bytes, code: str) -> None:
    async with talking(Daemon()) as (peer, _):
        reply = await peer.mail(head + b"\r\n")
        assert reply.startswith(code)
        assert (await peer.mail()).startswith("250 2.0.0")


async def test_what_is_not_offered_is_said_so() -> None:
    async with talking(Daemon()) as (peer, _):
        offers = await peer.say("EHLO c")
        assert "STARTTLS" not in offers
        assert "AUTH" not in offers
        assert "DSN" in offers
        for line in ("STARTTLS", "AUTH PLAIN x", "VRFY a", "EXPN a"):
            assert (await peer.say(line)).startswith("50")
        assert (await peer.say("GET / HTTP/1.1")).startswith("221")


async def test_a_message_in_work_is_answered_before_the_door_closes() -> None:
    daemon = Daemon()
    daemon.gate.clear()
    inbox = SmtpInbox(
        LIMITS, receive=daemon.receive, may_send=daemon.may_send, mailbox=daemon.mailbox
    )
    host, port = await inbox.open()
    peer = Peer(*await asyncio.open_connection(host, port))
    await peer.reply()
    answering = asyncio.create_task(peer.mail())
    await daemon.entered.wait()
    assert inbox.busy == 1
    closing = asyncio.create_task(inbox.close())
    daemon.gate.set()
    assert (await answering).split()[-1] == "r1"
    await closing
    peer.writer.close()


@pytest.mark.parametrize("author", ["(" * 2_000, "a" * 3_000 + "@b.fr"])
async def test_an_author_that_is_no_plain_address_is_refused_for_good(author: str) -> None:
    text = "\r\n ".join(author[at : at + 900] for at in range(0, len(author), 900))
    async with talking(Daemon()) as (peer, _):
        reply = await peer.mail(f"From: {text}\r\nSubject: a\r\n\r\nb\r\n".encode())
    assert reply.startswith("550 5.7.1")

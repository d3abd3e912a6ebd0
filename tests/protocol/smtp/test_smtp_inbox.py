"""The secure mail door on the wire: durable before 250; nothing smuggled, relayed or hoarded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError
from gateway.mssante.inbox import InboxSettings, Mailbox, SmtpInbox, SmtpMail, SmtpPeer
from gateway.mssante.replies import REPLIES
from gateway.records.filing import Answer
from gateway.records.finding import Finding, Severity, Verdict

BOX = "255089999999966@patient.mssante.fr"
CLOSED = "279035121518989@patient.mssante.fr"
SENDER = "labo@demo.mssante.fr"
MAIL = f"From: {SENDER}\r\nTo: {BOX}\r\nSubject: a\r\n\r\nBonjour\r\n".encode()
LIMITS = InboxSettings(port=0, max_message_bytes=100_000)


class Daemon:
    """Remembers what it was given and answers as it was told."""

    def __init__(self, outcome: Answer | Exception | None = None) -> None:
        self.outcome = outcome or Answer(receipt="r1", verdict=Verdict.ACCEPT)
        self.mails: list[SmtpMail] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()

    async def receive(self, mail: SmtpMail) -> Answer:
        self.entered.set()
        await self.gate.wait()
        self.mails.append(mail)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    async def may_send(self, sender: str, peer: SmtpPeer) -> bool:
        return sender == "" or sender.endswith(".mssante.fr")

    async def mailbox(self, ins: str) -> Mailbox:
        known = {BOX[:15]: Mailbox.OPEN, CLOSED[:15]: Mailbox.CLOSED}
        return known.get(ins, Mailbox.UNKNOWN)


class Peer:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def reply(self) -> str:
        """One reply, its lines joined; "" when the other side hung up."""
        lines = []
        while line := (await self.reader.readline()).decode().rstrip("\r\n"):
            lines.append(line)
            if line[3:4] != "-":
                break
        return "|".join(lines)

    async def say(self, *lines: str) -> str:
        """Sends each line and returns the last reply."""
        said = ""
        for line in lines:
            self.writer.write(line.encode() + b"\r\n")
            said = await self.reply()
        return said

    async def message(self, content: bytes) -> str:
        assert (await self.say("DATA")).startswith("354")
        self.writer.write(content + b".\r\n")
        return await self.reply()

    async def mail(self, content: bytes = MAIL, to: str = BOX) -> str:
        await self.say("EHLO c", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>")
        return await self.message(content)


@asynccontextmanager
async def talking(
    daemon: Daemon, settings: InboxSettings = LIMITS
) -> AsyncIterator[tuple[Peer, int]]:
    inbox = SmtpInbox(
        settings, receive=daemon.receive, may_send=daemon.may_send, mailbox=daemon.mailbox
    )
    host, port = await inbox.open()
    reader, writer = await asyncio.open_connection(host, port)
    peer = Peer(reader, writer)
    try:
        await peer.reply()
        yield peer, port
    finally:
        writer.close()
        await inbox.close(grace_seconds=1)


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
    assert said == f"{reply} {code}: Mend it ."


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\r\n", b"\0"])
@pytest.mark.parametrize("dot", [b".", b""])
async def test_a_bare_line_end_spoils_the_message_and_ends_the_talk(end: bytes, dot: bytes) -> None:
    daemon = Daemon()
    smuggled = b"MAIL FROM:<labo@demo.mssante.fr>\r\nDATA\r\nFrom: x\r\n"
    async with talking(daemon) as (peer, _):
        reply = await peer.mail(MAIL + b"a" + end + dot + b"\r\n" + smuggled)
        assert reply.startswith("550 5.5.2")
        assert await peer.reply() == ""
    assert daemon.mails == []


async def test_a_command_that_ends_with_a_bare_lf_ends_the_talk() -> None:
    async with talking(Daemon()) as (peer, _):
        peer.writer.write(b"EHLO c\n")
        assert (await peer.reply()).startswith("550 5.5.2")
        assert await peer.reply() == ""


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


async def test_a_peer_that_never_ends_is_cut() -> None:
    async with talking(Daemon()) as (peer, _):
        reply = await peer.mail(MAIL + b"a\r\n" * 100_000)
        assert reply.startswith("552")
        assert await peer.reply() == ""


async def test_a_peer_that_tries_boxes_is_cut() -> None:
    async with talking(Daemon()) as (peer, _):
        await peer.say("EHLO c", f"MAIL FROM:<{SENDER}>")
        tries = [f"RCPT TO:<{n:015}@patient.mssante.fr>" for n in range(20)]
        assert (await peer.say(*tries)).startswith("550 5.1.1")
        assert (await peer.say("RCPT TO:<000000000000099@patient.mssante.fr>")).startswith("421")
        assert await peer.reply() == ""


async def test_what_is_not_offered_is_said_so() -> None:
    async with talking(Daemon()) as (peer, _):
        offers = await peer.say("EHLO c")
        assert "STARTTLS" not in offers
        assert "AUTH" not in offers
        assert "DSN" in offers
        for line in ("STARTTLS", "AUTH PLAIN x", "VRFY a", "EXPN a"):
            assert (await peer.say(line)).startswith("50")
        assert (await peer.say("GET / HTTP/1.1")).startswith("221")


async def test_more_connections_than_allowed_are_turned_away() -> None:
    few = replace(LIMITS, max_connections_a_peer=1)
    async with talking(Daemon(), few) as (peer, port):
        second = Peer(*await asyncio.open_connection("127.0.0.1", port))
        assert (await second.reply()).startswith("421 4.7.0")
        assert await second.reply() == ""
        second.writer.close()
        assert (await peer.mail()).startswith("250")


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


@pytest.mark.parametrize("line", [b"\r\n", b"\xe9 a\r\n"])
async def test_a_peer_that_sends_lines_without_a_command_is_cut(line: bytes) -> None:
    async with talking(Daemon()) as (peer, _):
        peer.writer.write(line * 100)
        replies = [await peer.reply() for _ in range(22)]
    assert replies[:20] == ["500 Error: bad syntax"] * 20
    assert replies[20:] == ["421 4.7.0 Too many lines without a command", ""]


async def test_what_stands_behind_a_bare_line_end_is_not_obeyed() -> None:
    daemon = Daemon()
    whole = f"MAIL FROM:<{SENDER}>\r\nRCPT TO:<{BOX}>\r\nDATA\r\n".encode() + MAIL + b".\r\n"
    async with talking(daemon) as (peer, _):
        peer.writer.write(b"EHLO c\r\nNOOP\n" + whole)
        assert (await peer.reply()).startswith("250")
        assert await peer.reply() == "550 5.5.2 End every line with CRLF"
        assert await peer.reply() == ""
    assert daemon.mails == []


@pytest.mark.parametrize("author", ["(" * 2_000, "a" * 3_000 + "@b.fr"])
async def test_an_author_that_is_no_plain_address_is_refused_for_good(author: str) -> None:
    text = "\r\n ".join(author[at : at + 900] for at in range(0, len(author), 900))
    async with talking(Daemon()) as (peer, _):
        reply = await peer.mail(f"From: {text}\r\nSubject: a\r\n\r\nb\r\n".encode())
    assert reply.startswith("550 5.7.1")

"""Parsers of the mail door: a whole SMTP conversation without a socket, and the MIME message."""

import asyncio
from typing import Any

from laws import hold
from seeds import mail_seeds
from target import COMMAND, MIME_PART, Target, vocabulary

from gateway.mapping.mail import for_recipients, understand_mail
from gateway.mssante.smtp.peers import Guests, InboxSettings, Mailbox, SmtpMail, SmtpPeer, SmtpPorts
from gateway.mssante.smtp.session import SmtpSession
from gateway.mssante.smtp.smtp_rules import header_problem, headers
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

BOX = "255089999999966@patient.mssante.fr"
SETTINGS = InboxSettings(max_message_bytes=200_000)
TURNS = 10_000


def mime(data: bytes) -> None:
    """Understood or refused, whoever it is addressed to."""
    understood = understand_mail(data, DEFAULT_READING)
    hold(understood)
    hold(for_recipients(understood, [BOX, "", "x@y"]))
    problem = header_problem(data, None)
    assert problem is None or problem[:1] == "5"
    headers(data, "From")


class _Wire(asyncio.Transport):
    """Keeps what is written; closing tells the session."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.written = bytearray()
        self.closed = False
        self.session: SmtpSession | None = None

    def write(self, data: Any) -> None:
        if not self.closed:
            self.written += data

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            if self.session is not None:
                asyncio.get_running_loop().call_soon(self.session.connection_lost, None)

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """Nothing to hold back: all bytes are there."""

    def resume_reading(self) -> None:
        """As above."""


class _House:
    """The ports of the session; remembers the mails."""

    def __init__(self) -> None:
        self.mails: list[SmtpMail] = []

    async def receive(self, mail: SmtpMail) -> Answer:
        self.mails.append(mail)
        return Answer(receipt="r1", verdict=Verdict.ACCEPT)

    async def may_send(self, sender: str, peer: SmtpPeer) -> bool:
        return sender.endswith(".mssante.fr")

    async def mailbox(self, ins: str) -> Mailbox:
        return Mailbox.OPEN if ins == BOX[:15] else Mailbox.UNKNOWN


async def _talk(chunks: list[bytes]) -> tuple[bytes, list[SmtpMail]]:
    house, wire = _House(), _Wire()
    ports = SmtpPorts(receive=house.receive, may_send=house.may_send, mailbox=house.mailbox)
    session = SmtpSession(SETTINGS, ports, Guests(SETTINGS))
    wire.session = session
    session.connection_made(wire)
    for chunk in chunks:
        if not wire.closed:
            session.data_received(chunk)
            await asyncio.sleep(0)
    if not wire.closed:
        session.eof_received()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for _ in range(TURNS):
        if all(task.done() for task in others):
            break
        await asyncio.sleep(0)
    else:
        raise AssertionError("the session does not end with its stream")
    wire.close()
    await asyncio.sleep(0)
    return bytes(wire.written), house.mails


def conversation(data: bytes) -> None:
    """Replies are lines of three digits, never "internal error"; nothing smuggled is taken."""
    size = 1 + data[0] * 8 if data else 1
    stream = data[1:]
    with asyncio.Runner() as runner:
        written, mails = runner.run(
            _talk([stream[at : at + size] for at in range(0, len(stream), size)])
        )
    for line in written.split(b"\r\n")[:-1]:
        assert line[:3].isdigit(), line
        assert b"4.3.0" not in line, line
    for mail in mails:
        bare = mail.raw.replace(b"\r\n", b"")
        assert not any(letter in bare for letter in b"\r\n\0")
        assert len(headers(mail.raw, "From")) == 1


def _sessions() -> list[bytes]:
    letter = b"From: labo@demo.mssante.fr\r\nSubject: a\r\n\r\nBonjour\r\n"
    honest = (
        b"EHLO c\r\nMAIL FROM:<labo@demo.mssante.fr> SIZE=100\r\n"
        b"RCPT TO:<%b>\r\nDATA\r\n%b.\r\nQUIT\r\n" % (BOX.encode(), letter)
    )
    return [b"\xff" + honest, b"\x03" + honest, *(b"\x20" + one for one in mail_seeds())]


TARGETS = (
    Target(name="mail", run=mime, seeds=mail_seeds, words=vocabulary("mime"), unit=MIME_PART),
    Target(
        name="smtp-session",
        run=conversation,
        seeds=_sessions,
        words=vocabulary("smtp"),
        unit=COMMAND,
        largest=100_000,
    ),
)

"""The secure mail door with a daemon behind it and a peer that talks line by line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.mssante.smtp.inbox import InboxSettings, Mailbox, SmtpInbox, SmtpMail, SmtpPeer
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict

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

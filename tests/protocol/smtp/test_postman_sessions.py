"""The session with a relay that mail keeps: opened again, once, where it had ended meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from gateway.errors import DeferredError
from gateway.mssante.postman import Destination, Postman

REPLIES = {b"DATA": b"354 Go on\r\n", b"QUIT": b"221 Bye\r\n"}


@dataclass
class Relay:
    """Takes some mails in its first session and in each other; ends it at MAIL of the next."""

    first: int
    others: int
    last_words: bytes = b""
    sessions: int = 0
    mails: int = 0
    open: list["asyncio.Task[None]"] = field(default_factory=list)

    def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.append(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = self.others if self.sessions else self.first
        self.sessions += 1
        writer.write(b"220 relay\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"MAIL" and not left:
                writer.write(self.last_words)
                break
            writer.write(REPLIES.get(word, b"250 2.0.0 Ok\r\n"))
            if word == b"DATA":
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 2.0.0 queued\r\n")
                left, self.mails = left - 1, self.mails + 1
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


@asynccontextmanager
async def sending(relay: Relay) -> AsyncIterator[Postman]:
    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Postman(Destination(host="127.0.0.1", port=port)) as postman:
        yield postman
    await asyncio.gather(*relay.open)


async def send(postman: Postman) -> str:
    return await postman.send(sender="a@b.fr", recipient="c@d.fr", raw=b"Subject: x\r\n\r\nx\r\n")


@pytest.mark.parametrize("last_words", [b"", b"421 4.3.2 The service closes\r\n"])
async def test_a_kept_session_that_is_over_is_no_try_of_the_next_mail(last_words: bytes) -> None:
    relay = Relay(first=1, others=1, last_words=last_words)
    async with sending(relay) as postman:
        assert [await send(postman) for _ in range(2)] == ["2.0.0 queued"] * 2
    assert (relay.sessions, relay.mails) == (2, 2)


async def test_a_session_of_ours_is_kept_while_the_relay_keeps_it() -> None:
    relay = Relay(first=3, others=0)
    async with sending(relay) as postman:
        for _ in range(3):
            await send(postman)
    assert (relay.sessions, relay.mails) == (1, 3)


@pytest.mark.parametrize("last_words", [b"", b"421 4.3.2 The service closes\r\n"])
async def test_a_relay_that_ends_a_new_session_too_is_asked_again_later(last_words: bytes) -> None:
    relay = Relay(first=1, others=0, last_words=last_words)
    async with sending(relay) as postman:
        await send(postman)
        with pytest.raises(DeferredError):
            await send(postman)
    assert (relay.sessions, relay.mails) == (2, 1)

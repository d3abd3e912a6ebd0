"""Mail out to a relay that stalls, or that turns us away before it hears of a message."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from gateway.errors import DeferredError
from gateway.mssante.postman import Destination, Postman

REPLIES = {"greeting": "220 relay", "EHLO": "250 relay", "DATA": "354 go on"}


@dataclass
class Relay:
    """Says `replies`, and nothing more from the verb `hangs_up_at` on; the verb `stalls_at`, and
    the final dot of the first message, are answered once `answers` is set."""

    replies: dict[str, str] = field(default_factory=dict)
    hangs_up_at: str = ""
    stalls_at: str = ""
    heard: list[list[str]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    stalls: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    serving: list["asyncio.Task[None]"] = field(default_factory=list)

    def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.append(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard: list[str] = []
        self.heard.append(heard)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            self._say(writer, "greeting")
            while True:
                line = (await reader.readuntil(b"\r\n")).decode()
                verb = line.split()[0].upper()
                heard.append(verb)
                self.senders += [line] if verb == "MAIL" else []
                if verb == self.hangs_up_at:
                    break
                if verb == self.stalls_at:
                    self.stalls.set()
                    await self.answers.wait()
                self._say(writer, verb)
                if verb == "DATA":
                    self.taken.append(await reader.readuntil(b"\r\n.\r\n"))
                    self.stalls.set()
                    if self.hangs_up_at == ".":
                        break
                    await self.answers.wait()
                    writer.write(b"250 message %d\r\n" % len(self.taken))
        writer.close()

    def _say(self, writer: asyncio.StreamWriter, what: str) -> None:
        said = self.replies.get(what) or REPLIES.get(what, "250 ok")
        writer.write(said.encode() + b"\r\n")


@asynccontextmanager
async def posting(relay: Relay, tls: ssl.SSLContext | None = None) -> AsyncIterator[Postman]:
    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        async with Postman(Destination(host="127.0.0.1", port=port, tls=tls)) as postman:
            yield postman
        relay.answers.set()
        await asyncio.gather(*relay.serving)


async def send(postman: Postman, words: str = "Bonjour") -> str:
    raw = f"Subject: {words}\r\n\r\n{words}\r\n".encode()
    return await postman.send(
        sender="a@demo.mssante.fr", recipient="b@demo.mssante.fr", raw=raw, envelope="1768468507.2"
    )


async def test_a_message_given_up_midway_leaves_no_reply_to_the_next_one() -> None:
    relay = Relay()
    async with posting(relay) as postman:
        first = asyncio.create_task(send(postman, "first"))
        await relay.stalls.wait()
        first.cancel()
        with suppress(asyncio.CancelledError):
            await first
        relay.answers.set()
        assert await send(postman, "second") == "message 2"
    assert [verbs.count("DATA") for verbs in relay.heard] == [1, 1]


async def test_a_refused_message_given_up_midway_leaves_no_reply_to_the_next_one() -> None:
    relay = Relay({"RCPT": "550 no such box"}, stalls_at="RSET")
    async with posting(relay) as postman:
        first = asyncio.create_task(send(postman, "first"))
        await relay.stalls.wait()
        first.cancel()
        with suppress(asyncio.CancelledError):
            await first
        relay.replies.clear()
        second = asyncio.create_task(send(postman, "second"))
        for _ in range(20):  # a connection that was kept has its first command by then
            await asyncio.sleep(0)
        relay.answers.set()
        assert await second == "message 1"


@pytest.mark.parametrize(
    ("where", "reply", "code"),
    [
        ("greeting", "554 5.3.2 not now", 554),
        ("EHLO", "550 5.7.1 who are you", 550),
        ("MAIL", "530 5.7.0 Must issue a STARTTLS command first", 530),
    ],
)
async def test_a_relay_that_turns_us_away_refuses_no_message(
    where: str, reply: str, code: int
) -> None:
    relay = Relay({where: reply, "HELO": reply})
    async with posting(relay) as postman:
        with pytest.raises(DeferredError) as turned_away:
            await send(postman)
        assert turned_away.value.finding is not None
        assert turned_away.value.finding.application == code
        relay.replies.clear()
        relay.answers.set()
        assert await send(postman) == "message 1"


async def test_a_relay_without_starttls_hears_of_no_message_where_tls_was_asked_for() -> None:
    relay = Relay({"EHLO": "250-relay\r\n250 SIZE 1000"})
    async with posting(relay, ssl.create_default_context()) as postman:
        with pytest.raises(DeferredError, match="no STARTTLS"):
            await send(postman)
    assert relay.heard == [["EHLO"]]


async def test_a_relay_that_hangs_up_is_told_from_one_that_is_not_there() -> None:
    async with posting(Relay(hangs_up_at="MAIL")) as postman:
        with pytest.raises(DeferredError, match="closed the connection"):
            await send(postman)
    with pytest.raises(DeferredError, match="cannot be reached"):
        await send(postman)


@pytest.mark.parametrize(("hangs_up_at", "unheard"), [("MAIL", False), ("DATA", True), (".", True)])
async def test_what_was_cut_from_data_on_may_have_arrived_unheard(
    hangs_up_at: str, unheard: bool
) -> None:
    relay = Relay(hangs_up_at=hangs_up_at)
    async with posting(relay) as postman:
        relay.answers.set()
        with pytest.raises(DeferredError) as lost:
            await send(postman)
    assert lost.value.unheard is unheard


@pytest.mark.parametrize(("offer", "said"), [("250 DSN", True), ("250 SIZE 1000", False)])
async def test_a_try_has_its_name_on_the_envelope_where_the_relay_keeps_it(
    offer: str, said: bool
) -> None:
    relay = Relay({"EHLO": f"250-relay\r\n{offer}"})
    async with posting(relay) as postman:
        relay.answers.set()
        await send(postman)
    assert [" ENVID=1768468507.2" in line for line in relay.senders] == [said]

"""Slow lines and a store that is away: nobody is cut who goes on, and the session stays usable."""

import asyncio
from dataclasses import replace

import pytest
from inbox_house import BOX, LIMITS, MAIL, SENDER, Daemon, Peer, talking
from structlog.testing import capture_logs

from gateway.errors import DeferredError
from gateway.mssante.smtp import session
from gateway.mssante.smtp.inbox import Mailbox, SmtpPeer
from gateway.mssante.smtp.smtp_rules import Address, DataPatience, MessageLines, header_problem

IMPATIENT = replace(LIMITS, timeout_seconds=0.4)
PAUSE_SECONDS = 0.1


class Away(Daemon):
    """Its store is away for a while."""

    away = True

    async def may_send(self, sender: str, peer: SmtpPeer) -> bool:
        if self.away:
            raise DeferredError("The database is away.")
        return await super().may_send(sender, peer)

    async def mailbox(self, ins: str) -> Mailbox:
        if self.away:
            raise DeferredError("The disk is full.", disk_full=True)
        return await super().mailbox(ins)


class Counted(MessageLines):
    """Tells the test what has come."""

    came = 0

    def add(self, line: bytes) -> None:
        super().add(line)
        Counted.came += len(line)


class Hours:
    """The clock of the loop, which a test moves."""

    def __init__(self) -> None:
        self.now = asyncio.get_running_loop().time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    made = Hours()
    monkeypatch.setattr(asyncio.get_running_loop(), "time", made)
    monkeypatch.setattr(session, "MessageLines", Counted)
    monkeypatch.setattr(Counted, "came", 0)
    return made


async def dripped(peer: Peer, line: bytes, times: int, hours: Hours) -> str:
    """The line so often, with pauses, then the end; the reply, "" where we were cut."""
    await peer.say("EHLO c", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{BOX}>", "DATA")
    sent = len(MAIL)
    peer.writer.write(MAIL)
    for _ in range(times):
        peer.writer.write(line)
        sent += len(line)
        while Counted.came < sent:
            if peer.reader.at_eof():
                return ""
            await asyncio.sleep(0)
        hours.now += PAUSE_SECONDS
    peer.writer.write(b".\r\n")
    return await peer.reply()


async def test_a_message_that_goes_on_longer_than_a_silence_may_last_is_taken(
    hours: Hours,
) -> None:
    async with talking(Daemon(), IMPATIENT) as (peer, _):
        lines = (b"a" * 900 + b"\r\n") * 5
        assert (await dripped(peer, lines, 8, hours)).startswith("250")


async def test_a_peer_that_drips_is_cut(hours: Hours) -> None:
    async with talking(Daemon(), IMPATIENT) as (peer, _):
        assert await dripped(peer, b"a\r\n", 50, hours) == ""


def test_patience_is_for_who_goes_on() -> None:
    patience = DataPatience(1_000.0, 300.0)
    assert patience.left(1_029.0, 10_000_000) is None
    assert patience.left(1_030.0, 10_000_000) == 300.0
    assert patience.left(1_290.0, 1_000_000) == 110.0
    assert patience.left(1_330.0, 1_000) == 0.001


@pytest.mark.parametrize("broken", [RuntimeError("a bug of ours"), DeferredError("not now")])
async def test_behind_a_message_that_could_not_be_kept_another_one_can_come(
    broken: Exception,
) -> None:
    daemon = Daemon(broken)
    async with talking(daemon) as (peer, _):
        with capture_logs():
            assert (await peer.mail()).startswith("451 4.3.0")
        daemon.outcome = Daemon().outcome
        assert (await peer.say(f"MAIL FROM:<{SENDER}>")).startswith("250")
        assert (await peer.say(f"RCPT TO:<{BOX}>")).startswith("250")
        assert (await peer.message(MAIL)).startswith("250")
    assert daemon.mails[-1].recipients == (BOX,)


async def test_a_store_that_is_away_while_a_box_is_looked_up_is_no_fault_of_ours() -> None:
    daemon = Away()
    async with talking(daemon) as (peer, _):
        with capture_logs() as logs:
            said = await peer.say("EHLO c", f"MAIL FROM:<{SENDER}>")
            assert said == "451 4.3.0 Try again later"
        assert logs == []
        daemon.away = False
        await peer.say(f"MAIL FROM:<{SENDER}>")
        daemon.away = True
        assert await peer.say(f"RCPT TO:<{BOX}>") == "452 4.3.1 Storage full"
        daemon.away = False
        assert (await peer.say(f"RCPT TO:<{BOX}>")).startswith("250")
        assert (await peer.message(MAIL)).startswith("250")


@pytest.mark.parametrize(
    ("author", "is_taken"),
    [
        (f"{SENDER} <{SENDER}>", True),
        (f"'{SENDER.upper()}' <{SENDER}>", True),
        (f"DUPONT, Jean <{SENDER}>", True),
        (f"=?utf-8?Q?Dupont,_Jean?= <{SENDER}>", True),
        (f"Labo [urgences]; nuit <{SENDER}>", True),
        (f"dr@chu.mssante.fr <{SENDER}>", False),
        (f"a@b.fr,{SENDER} <{SENDER}>", False),
        (f"{SENDER}, autre@demo.mssante.fr", False),
        (f"<a@evil.test> <{SENDER}>", False),
        (f"Labo <{SENDER}>, Autre <autre@demo.mssante.fr>", False),
    ],
)
def test_a_name_without_its_quotes_is_read_over_and_no_second_address(
    author: str, *, is_taken: bool
) -> None:
    local, _, domain = SENDER.partition("@")
    problem = header_problem(f"From: {author}\r\n\r\n".encode(), Address(local, domain))
    assert (problem is None) is is_taken

"""Peers that smuggle, hoard or never end: the secure mail door cuts them and answers others."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from authority import Authority
from inbox_house import BOX, LIMITS, MAIL, SENDER, Daemon, Peer, talking
from structlog.testing import capture_logs

from gateway.adapters.hl7v2.mllp import tls_context


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


async def test_more_connections_than_allowed_are_turned_away() -> None:
    few = replace(LIMITS, max_connections_a_peer=1)
    async with talking(Daemon(), few) as (peer, port):
        second = Peer(*await asyncio.open_connection("127.0.0.1", port))
        assert (await second.reply()).startswith("421 4.7.0")
        assert await second.reply() == ""
        second.writer.close()
        assert (await peer.mail()).startswith("250")


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


@pytest.mark.parametrize(
    ("tries", "goodbye"),
    [
        (
            [f"RCPT TO:<{n:015}@patient.mssante.fr>" for n in range(21)],
            "421 4.7.0 Too many refused",
        ),
        (["NOOP"] * 22, "421 4.7.0 NOOP sent too many times"),
    ],
)
async def test_what_stands_behind_a_goodbye_is_not_obeyed(
    tmp_path: Path, tries: list[str], goodbye: str
) -> None:
    """As Postfix sends them: inside TLS, every RCPT of a mail in one go."""
    daemon, authority = Daemon(), Authority(tmp_path)
    certificate = authority.issue("inbox")
    tls = tls_context(certificate, certificate.with_suffix(".key"))
    lines = ["EHLO c", f"MAIL FROM:<{SENDER}>", *tries, *[f"RCPT TO:<{BOX}>"] * 3, "DATA"]
    whole = "".join(f"{line}\r\n" for line in lines).encode() + MAIL + b".\r\n"
    with capture_logs() as logs:
        async with talking(daemon, replace(LIMITS, tls=tls)) as (peer, _):
            assert (await peer.say("EHLO c", "STARTTLS")).startswith("220")
            await peer.writer.start_tls(authority.client(None), server_hostname="127.0.0.1")
            peer.writer.write(whole)
            replies = [await peer.reply() for _ in range(24)]
    assert (replies[22][: len(goodbye)], replies[23]) == (goodbye, "")
    assert (daemon.mails, [one["event"] for one in logs]) == ([], [])

"""Commands that are no good: each is told what is wrong with it, and nothing behind it runs."""

import pytest
from inbox_house import BOX, MAIL, SENDER, Daemon, talking

from gateway.mssante.smtp.smtp_rules import MAX_MESSAGE_BYTES
from gateway.settings.sections.doors import Mssante


@pytest.mark.parametrize("length", [1_500, 3_000])
async def test_a_command_that_is_too_long_is_called_so(length: int) -> None:
    async with talking(Daemon()) as (peer, _):
        said = await peer.say("EHLO c", f"MAIL FROM:<{'a' * length}@b.fr>")
        assert said.startswith("500 5.5.2 ")
        assert await peer.reply() == ""


async def test_a_chunk_of_bdat_is_not_read_as_commands() -> None:
    daemon = Daemon()
    async with talking(daemon) as (peer, _):
        await peer.say("EHLO c", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{BOX}>")
        peer.writer.write(b"BDAT 6\r\nDATA\r\n" + MAIL + b".\r\n")
        assert (await peer.reply()).startswith("502 5.5.1 ")
        assert await peer.reply() == ""
    assert daemon.mails == []


def test_a_mail_of_25_mo_is_taken_however_its_sender_counts_them() -> None:
    assert Mssante().max_message_bytes == MAX_MESSAGE_BYTES

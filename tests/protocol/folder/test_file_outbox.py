"""The outbox of the demo: every message one whole file."""

import json
import os
from pathlib import Path

import pytest

from gateway.clock import SystemClock, SystemIds
from gateway.mssante.outbox import FileOutbox


async def test_the_outbox_writes_one_whole_file_a_message(tmp_path: Path) -> None:
    outbox = FileOutbox(tmp_path / "outbox", clock=SystemClock(), ids=SystemIds())
    for _ in range(2):
        await outbox.send(
            channel="sms", to="0600000000", template="t", lang="fr", subject="é", body="b"
        )
    files = sorted((tmp_path / "outbox").iterdir())
    assert len(files) == 2
    read = json.loads(files[0].read_text())
    assert read.pop("at").endswith("Z")
    assert read == {
        "channel": "sms",
        "to": "0600000000",
        "template": "t",
        "lang": "fr",
        "subject": "é",
        "body": "b",
    }
    with pytest.raises(ValueError, match="channel"):
        await outbox.send(channel="fax", to="", template="", lang="fr", subject="", body="")


async def test_a_code_in_the_outbox_is_not_for_everybody_on_the_machine(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        outbox = FileOutbox(tmp_path / "outbox", clock=SystemClock(), ids=SystemIds())
        await outbox.send(
            channel="sms", to="0600000000", template="t", lang="fr", subject="", body="123456"
        )
    finally:
        os.umask(before)
    written = [tmp_path / "outbox", *(tmp_path / "outbox").iterdir()]
    assert [one.stat().st_mode & 0o007 for one in written] == [0, 0]

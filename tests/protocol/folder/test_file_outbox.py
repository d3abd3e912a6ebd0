"""The outbox: every message one whole file."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.clock import SystemClock, SystemIds
from gateway.mssante.outbox import FileOutbox, write_aside


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


async def test_a_message_is_on_the_disk_under_its_own_name_before_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of a file is in its folder, which has a turn of its own to be written."""
    done: list[str] = []

    def noted(name: str, work: Callable[..., None]) -> Callable[..., None]:
        def run(first: int | Path, *others: Path) -> None:
            is_folder = isinstance(first, int) and stat.S_ISDIR(os.fstat(first).st_mode)
            done.append("folder" if is_folder else name)
            work(first, *others)

        return run

    for name in ("fsync", "replace"):
        monkeypatch.setattr(os, name, noted(name, getattr(os, name)))
    write_aside(tmp_path / "one.json", "{}")
    assert done == ["fsync", "replace", "folder"]


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

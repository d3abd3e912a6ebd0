"""The watched folder: at rest, answered durably, then moved; never lost and never half read."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from gateway.adapters.folder import FolderDoor, FolderSettings
from gateway.clock import SystemClock, SystemIds
from gateway.errors import DeferredError, RefusedError
from gateway.mssante.outbox import FileOutbox
from gateway.records.filing import Answer
from gateway.records.finding import Verdict


class Daemon:
    """Answers by verdict and remembers; a second time the same bytes are a copy."""

    def __init__(self, verdict: Verdict = Verdict.ACCEPT, error: Exception | None = None) -> None:
        self.verdict = verdict
        self.error = error
        self.seen: list[bytes] = []

    async def receive(self, name: str, raw: bytes) -> list[Answer]:
        if self.error is not None:
            raise self.error
        copy = raw in self.seen
        self.seen.append(raw)
        return [Answer(receipt="r1", verdict=self.verdict, copy=copy)]


def door(folder: Path, daemon: Daemon, max_file_bytes: int = 1_000) -> FolderDoor:
    settings = FolderSettings(path=folder, max_file_bytes=max_file_bytes)
    return FolderDoor(settings, receive=daemon.receive)


def answer(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


async def test_a_file_is_taken_when_two_polls_saw_it_unchanged(tmp_path: Path) -> None:
    daemon = Daemon()
    watched = door(tmp_path, daemon)
    (tmp_path / "a.hl7").write_bytes(b"MSH")
    assert await watched.poll() == 0
    assert daemon.seen == []
    assert await watched.poll() == 1
    assert names(tmp_path) == []
    assert names(tmp_path / "done") == ["a.hl7", "a.hl7.json"]
    assert answer(tmp_path / "done" / "a.hl7.json")["receipt"] == "r1"
    assert (tmp_path / "done" / "a.hl7").read_bytes() == b"MSH"


async def test_a_file_that_still_grows_is_left_alone(tmp_path: Path) -> None:
    daemon = Daemon()
    watched = door(tmp_path, daemon)
    path = tmp_path / "a.hl7"
    for size in range(1, 5):
        path.write_bytes(b"x" * size)
        await watched.poll()
    assert daemon.seen == []
    await watched.poll()
    assert daemon.seen == [b"xxxx"]


@pytest.mark.parametrize("name", [".a.hl7", "a.tmp", "a.hl7.part", "a.PARTIAL", "a.hl7~"])
async def test_unfinished_names_and_dot_files_are_ignored(tmp_path: Path, name: str) -> None:
    daemon = Daemon()
    watched = door(tmp_path, daemon)
    (tmp_path / name).write_bytes(b"x")
    assert [await watched.poll() for _ in range(3)] == [0, 0, 0]
    assert names(tmp_path) == [name]


async def test_links_and_folders_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"secret")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link").symlink_to(outside)
    (inbox / "folder").mkdir()
    daemon = Daemon()
    watched = door(inbox, daemon)
    assert [await watched.poll() for _ in range(3)] == [0, 0, 0]
    assert daemon.seen == []


async def test_a_refused_file_goes_to_refused(tmp_path: Path) -> None:
    watched = door(tmp_path, Daemon(Verdict.REFUSE))
    (tmp_path / "a.xml").write_bytes(b"x")
    await watched.poll()
    await watched.poll()
    assert names(tmp_path / "refused") == ["a.xml", "a.xml.json"]
    assert answer(tmp_path / "refused" / "a.xml.json")["verdict"] == "refuse"


async def test_a_held_file_is_done(tmp_path: Path) -> None:
    watched = door(tmp_path, Daemon(Verdict.HOLD))
    (tmp_path / "a.xml").write_bytes(b"x")
    await watched.poll()
    await watched.poll()
    assert answer(tmp_path / "done" / "a.xml.json")["verdict"] == "hold"


async def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    daemon = Daemon()
    watched = door(tmp_path, daemon, max_file_bytes=3)
    (tmp_path / "a.xml").write_bytes(b"xxxx")
    await watched.poll()
    await watched.poll()
    assert daemon.seen == []
    [finding] = answer(tmp_path / "refused" / "a.xml.json")["findings"]
    assert finding["code"] == "too-large"


@pytest.mark.parametrize("error", [DeferredError("later"), ZeroDivisionError("a bug")])
async def test_what_could_not_be_made_durable_stays_and_is_tried_again(
    tmp_path: Path, error: Exception
) -> None:
    daemon = Daemon(error=error)
    watched = door(tmp_path, daemon)
    (tmp_path / "a.xml").write_bytes(b"x")
    assert [await watched.poll() for _ in range(3)] == [0, 0, 0]
    assert names(tmp_path) == ["a.xml"]
    daemon.error = None
    assert await watched.poll() == 1


async def test_an_input_that_is_wrong_for_ever_goes_to_refused(tmp_path: Path) -> None:
    watched = door(tmp_path, Daemon(error=RefusedError("Send CDA.")))
    (tmp_path / "a.xml").write_bytes(b"x")
    await watched.poll()
    await watched.poll()
    [finding] = answer(tmp_path / "refused" / "a.xml.json")["findings"]
    assert finding["message"] == "Send CDA."


async def test_a_crash_between_answer_and_move_ends_in_a_copy(tmp_path: Path) -> None:
    daemon = Daemon()
    path = tmp_path / "a.hl7"
    path.write_bytes(b"MSH")
    await daemon.receive("a.hl7", b"MSH")
    watched = door(tmp_path, daemon)
    await watched.poll()
    await watched.poll()
    assert daemon.seen == [b"MSH", b"MSH"]
    assert names(tmp_path / "done") == ["a.hl7", "a.hl7.json"]


async def test_a_second_file_of_the_same_name_keeps_the_first(tmp_path: Path) -> None:
    watched = door(tmp_path, Daemon())
    for content in (b"first", b"second"):
        (tmp_path / "a.hl7").write_bytes(content)
        await watched.poll()
        await watched.poll()
    assert names(tmp_path / "done") == ["a-2.hl7", "a-2.hl7.json", "a.hl7", "a.hl7.json"]
    assert (tmp_path / "done" / "a.hl7").read_bytes() == b"first"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    watched = door(tmp_path, Daemon())
    path = tmp_path / "a.hl7"
    path.write_bytes(b"x")
    path.chmod(0)
    await watched.poll()
    await watched.poll()
    [finding] = answer(tmp_path / "refused" / "a.hl7.json")["findings"]
    assert finding["code"] == "file-unreadable"


async def test_the_door_polls_until_it_is_closed(tmp_path: Path) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            watched.close()

    settings = FolderSettings(path=tmp_path / "new", poll_seconds=0.5)
    watched = FolderDoor(settings, receive=Daemon().receive, sleep=sleep)
    await watched.run()
    assert slept == [0.5, 0.5, 0.5]
    assert (tmp_path / "new").is_dir()


async def test_the_outbox_writes_one_whole_file_a_message(tmp_path: Path) -> None:
    outbox = FileOutbox(tmp_path / "outbox", clock=SystemClock(), ids=SystemIds())
    for _ in range(2):
        await outbox.send(
            channel="sms", to="0600000000", template="t", lang="fr", subject="é", body="b"
        )
    files = names(tmp_path / "outbox")
    assert len(files) == 2
    read = answer(tmp_path / "outbox" / files[0])
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

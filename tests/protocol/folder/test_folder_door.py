"""The watched folder: at rest, answered durably, then moved; never lost and never half read."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.adapters.watched.folder import MAX_TAKEN_A_POLL, FolderDoor, FolderSettings
from gateway.errors import DeferredError, RefusedError
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict


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


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not holds():  # noqa: ASYNC110 - a folder tells no event
            await asyncio.sleep(0.01)


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
    daemon = Daemon()
    settings = FolderSettings(path=tmp_path / "new", poll_seconds=0.01)
    watched = FolderDoor(settings, receive=daemon.receive)
    running = asyncio.create_task(watched.run())
    await until(lambda: (tmp_path / "new").is_dir())
    (tmp_path / "new" / "a.hl7").write_bytes(b"MSH")
    await until(lambda: (tmp_path / "new" / "done" / "a.hl7").exists())
    watched.close()
    await asyncio.wait_for(running, timeout=120)
    assert daemon.seen == [b"MSH"]


async def test_a_folder_that_is_away_is_looked_into_again(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.write_bytes(b"a file stands in its place")
    settings = FolderSettings(path=folder, poll_seconds=0.01)
    watched = FolderDoor(settings, receive=Daemon().receive)
    with capture_logs() as logs:
        running = asyncio.create_task(watched.run())
        await until(lambda: bool(logs))
    assert logs[0]["event"] == "folder.unreadable"
    folder.unlink()
    await until(folder.is_dir)
    (folder / "a.hl7").write_bytes(b"MSH")
    await until(lambda: (folder / "done" / "a.hl7").exists())
    watched.close()
    await asyncio.wait_for(running, timeout=120)


async def test_what_is_left_alone_keeps_no_file_waiting(tmp_path: Path) -> None:
    for number in range(MAX_TAKEN_A_POLL + 5):
        (tmp_path / f"{number}.part").write_bytes(b"")
    (tmp_path / "a.hl7").write_bytes(b"MSH")
    watched = door(tmp_path, Daemon())
    await watched.poll()
    assert await watched.poll() == 1


async def test_a_file_written_while_the_former_is_answered_is_taken_itself(tmp_path: Path) -> None:
    path, seen = tmp_path / "a.hl7", list[bytes]()

    async def receive(_name: str, raw: bytes) -> list[Answer]:
        seen.append(raw)
        if raw == b"first":
            path.write_bytes(b"second, and longer")
        return [Answer(receipt=f"r{len(seen)}", verdict=Verdict.ACCEPT)]

    watched = FolderDoor(FolderSettings(path=tmp_path), receive=receive)
    path.write_bytes(b"first")
    for _ in range(5):
        await watched.poll()
    assert seen == [b"first", b"second, and longer"]
    done = tmp_path / "done"
    assert names(done) == ["a-2.hl7", "a-2.hl7.json", "a.hl7.json"]
    assert [answer(done / one)["receipt"] for one in ("a.hl7.json", "a-2.hl7.json")] == ["r1", "r2"]
    assert (done / "a-2.hl7").read_bytes() == b"second, and longer"


async def test_an_answer_never_replaces_a_file_of_the_sender(tmp_path: Path) -> None:
    watched = door(tmp_path, Daemon(Verdict.REFUSE))
    for name in ("doc.json", "doc"):
        (tmp_path / name).write_bytes(b"MSH")
        await watched.poll()
        await watched.poll()
    refused = tmp_path / "refused"
    assert names(refused) == ["doc-2", "doc-2.json", "doc.json", "doc.json.json"]
    assert (refused / "doc.json").read_bytes() == b"MSH"


async def test_the_longest_name_still_gets_its_answer(tmp_path: Path) -> None:
    watched = door(tmp_path, Daemon())
    (tmp_path / ("é" * 127)).write_bytes(b"MSH")
    await watched.poll()
    assert await watched.poll() == 1
    assert len(names(tmp_path / "done")) == 2


async def test_of_two_who_watch_one_folder_one_at_a_time_looks(tmp_path: Path) -> None:
    inside, other = asyncio.Event(), Daemon()
    go_on = asyncio.Event()

    async def receive(_name: str, _raw: bytes) -> list[Answer]:
        inside.set()
        await go_on.wait()
        return [Answer(receipt="r1", verdict=Verdict.ACCEPT)]

    first, second = (
        FolderDoor(FolderSettings(path=tmp_path), receive=receive),
        door(tmp_path, other),
    )
    (tmp_path / "a.hl7").write_bytes(b"MSH")
    await first.poll()
    taking = asyncio.create_task(first.poll())
    await inside.wait()
    assert [await second.poll(), await second.poll()] == [0, 0]
    go_on.set()
    assert await taking == 1
    assert other.seen == []


@pytest.mark.parametrize(("left", "name"), [("r1", "a.hl7"), ("r0", "a-2.hl7")])
async def test_the_answer_of_a_process_that_died_before_the_move_gets_its_file(
    tmp_path: Path, left: str, name: str
) -> None:
    (tmp_path / "done").mkdir()
    body = {"receipt": left, "verdict": "accept", "documents": [], "findings": []}
    (tmp_path / "done" / "a.hl7.json").write_text(json.dumps(body))
    watched = door(tmp_path, Daemon())
    (tmp_path / "a.hl7").write_bytes(b"MSH")
    assert [await watched.poll(), await watched.poll()] == [0, 1]
    assert (tmp_path / "done" / name).read_bytes() == b"MSH"
    assert answer(tmp_path / "done" / f"{name}.json")["receipt"] == "r1"

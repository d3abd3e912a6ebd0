"""One round of the watched folder: what moves meanwhile, how much it takes, where it stops."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from gateway.adapters.watched import folder
from gateway.adapters.watched.folder import FolderDoor, FolderSettings
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict

Meanwhile = Callable[[], object]


class Daemon:
    """Accepts each file, after `meanwhile` was done once."""

    def __init__(self, meanwhile: Meanwhile = lambda: None) -> None:
        self.meanwhile = meanwhile
        self.seen: list[bytes] = []

    async def receive(self, _name: str, raw: bytes) -> list[Answer]:
        self.seen.append(raw)
        if len(self.seen) == 1:
            self.meanwhile()
        return [Answer(receipt=f"r{len(self.seen)}", verdict=Verdict.ACCEPT)]


def door(
    path: Path, receive: Callable[[str, bytes], Awaitable[list[Answer]]], *, limit: int = 100
) -> FolderDoor:
    return FolderDoor(FolderSettings(path=path, max_file_bytes=limit), receive=receive)


def two_files(path: Path) -> tuple[Path, Path]:
    first, second = path / "a.hl7", path / "b.hl7"
    first.write_bytes(b"first")
    second.write_bytes(b"second")
    return first, second


async def test_a_file_that_changes_before_its_turn_waits_until_it_rests_again(
    tmp_path: Path,
) -> None:
    _, second = two_files(tmp_path)
    daemon = Daemon(lambda: second.write_bytes(b"second, still being written"))
    watched = door(tmp_path, daemon.receive)
    assert [await watched.poll(), await watched.poll()] == [0, 1]
    assert second.exists()
    assert [await watched.poll(), await watched.poll()] == [0, 1]
    assert daemon.seen == [b"first", b"second, still being written"]


async def test_a_file_taken_back_before_its_turn_gets_no_answer(tmp_path: Path) -> None:
    _, second = two_files(tmp_path)
    daemon = Daemon(second.unlink)
    watched = door(tmp_path, daemon.receive)
    assert [await watched.poll() for _ in range(4)] == [0, 1, 0, 0]
    assert daemon.seen == [b"first"]
    assert not (tmp_path / "refused").exists()


async def test_a_door_that_closes_ends_with_the_file_in_work(tmp_path: Path) -> None:
    _, second = two_files(tmp_path)
    daemon = Daemon(lambda: watched.close())
    watched = door(tmp_path, daemon.receive)
    assert [await watched.poll(), await watched.poll()] == [0, 1]
    assert daemon.seen == [b"first"]
    assert second.exists()


async def test_one_refused_message_of_a_file_brings_the_file_to_refused(tmp_path: Path) -> None:
    async def receive(_name: str, _raw: bytes) -> list[Answer]:
        verdicts = (Verdict.ACCEPT, Verdict.REFUSE)
        return [Answer(receipt=f"r-{one}", verdict=one) for one in verdicts]

    watched = door(tmp_path, receive)
    (tmp_path / "a.hl7").write_bytes(b"MSH")
    assert [await watched.poll(), await watched.poll()] == [0, 1]
    assert (tmp_path / "refused" / "a.hl7").exists()
    written = (tmp_path / "refused" / "a.hl7.json").read_text()
    assert "r-accept" in written
    assert "r-refuse" in written


async def test_a_file_of_just_the_allowed_size_is_taken(tmp_path: Path) -> None:
    daemon = Daemon()
    watched = door(tmp_path, daemon.receive, limit=3)
    (tmp_path / "a.hl7").write_bytes(b"MSH")
    assert [await watched.poll(), await watched.poll()] == [0, 1]
    assert daemon.seen == [b"MSH"]


async def test_a_round_takes_so_many_files_and_the_next_rounds_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MAX_TAKEN_A_POLL", 2)
    for number in range(5):
        (tmp_path / f"{number}.hl7").write_bytes(b"%d" % number)
    daemon = Daemon()
    watched = door(tmp_path, daemon.receive)
    rounds = [await watched.poll() for _ in range(12)]
    assert max(rounds) == 2
    assert sorted(daemon.seen) == [b"0", b"1", b"2", b"3", b"4"]

"""What is made on the disk is written by nobody else, even where the umask forbids nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.adapters.watched.folder import FolderDoor, FolderSettings
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.store.log.witness import FileWitness


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def accept(_name: str, _raw: bytes) -> list[Answer]:
    return [Answer(receipt="r1", verdict=Verdict.ACCEPT)]


async def taken(inbox: Path) -> None:
    door = FolderDoor(FolderSettings(path=inbox), receive=accept)
    await door.poll()
    (inbox / "a.hl7").write_bytes(b"MSH")
    assert [await door.poll(), await door.poll()] == [0, 1]


async def test_an_inbox_lets_its_group_send_and_nobody_else(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    await taken(inbox)
    assert (mode(inbox), mode(inbox / "done")) == (0o770, 0o770)


async def test_the_answers_are_for_those_who_may_look_into_an_inbox_of_theirs(
    tmp_path: Path,
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir(mode=0o700)
    await taken(inbox)
    assert mode(inbox / "done") == 0o700


async def test_a_kept_head_is_read_by_auditors_and_written_by_the_gateway_alone(
    tmp_path: Path,
) -> None:
    witness = FileWitness(tmp_path / "checkpoints")
    await witness.keep("head")
    assert (mode(witness.file.parent), mode(witness.file)) == (0o700, 0o644)

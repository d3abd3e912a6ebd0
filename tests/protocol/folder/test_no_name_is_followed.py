"""Whoever writes into a watched folder may put anything under any name: nothing is followed."""

import json
import os
import threading
from pathlib import Path

import pytest

from gateway.adapters.watched.folder import FolderDoor, FolderSettings
from gateway.adapters.watched.resting import ChangedError, Resting, files_in, locked, read_in
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict

SECRET = b"of somebody else"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    path = tmp_path / "outside"
    path.write_bytes(SECRET)
    return path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    path = tmp_path / "inbox"
    (path / "done").mkdir(parents=True)
    return path


async def accept(_name: str, _raw: bytes) -> list[Answer]:
    return [Answer(receipt="r1", verdict=Verdict.ACCEPT)]


def content(path: Path) -> bytes:
    return path.read_bytes()


async def taken(inbox: Path) -> int:
    """How many of one file went away."""
    door = FolderDoor(FolderSettings(path=inbox), receive=accept)
    (inbox / "a.hl7").write_bytes(b"MSH")
    await door.poll()
    return await door.poll()


async def test_a_link_where_the_answer_is_written_is_replaced_not_followed(
    inbox: Path, outside: Path
) -> None:
    (inbox / "done" / ".answer.tmp").symlink_to(outside)
    assert await taken(inbox) == 1
    assert content(outside) == SECRET
    assert json.loads((inbox / "done" / "a.hl7.json").read_bytes())["receipt"] == "r1"


@pytest.mark.parametrize("name", ["a.hl7", "a.hl7.json"])
async def test_a_link_under_the_name_of_an_earlier_file_stays_as_it_is(
    inbox: Path, tmp_path: Path, name: str
) -> None:
    link = inbox / "done" / name
    link.symlink_to(tmp_path / "nowhere")
    assert await taken(inbox) == 1
    assert link.is_symlink()
    assert (inbox / "done" / "a-2.hl7").read_bytes() == b"MSH"
    assert not (tmp_path / "nowhere").exists()


async def test_nothing_is_written_through_a_link_in_the_place_of_done(
    inbox: Path, tmp_path: Path
) -> None:
    (inbox / "done").rmdir()
    (tmp_path / "elsewhere").mkdir()
    (inbox / "done").symlink_to(tmp_path / "elsewhere")
    assert await taken(inbox) == 0
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (inbox / "a.hl7").exists()


@pytest.mark.parametrize("depth", [1, 200_000])
async def test_an_answer_of_somebody_else_keeps_no_file_for_ever(inbox: Path, depth: int) -> None:
    """However deep it is nested, or however long."""
    (inbox / "done" / "a.hl7.json").write_text("[" * depth)
    assert await taken(inbox) == 1
    assert (inbox / "done" / "a-2.hl7").exists()


def test_a_pipe_in_the_place_of_a_file_is_not_waited_at(inbox: Path) -> None:
    """Put there after the poll saw the file; read in a thread, which a test need not wait for."""
    (inbox / "a.hl7").write_bytes(b"MSH")
    with locked(inbox) as handle:
        assert handle is not None
        [file] = files_in(handle, limit=9)
        (inbox / "a.hl7").unlink()
        os.mkfifo(inbox / "a.hl7")
        said: list[object] = []
        reading = threading.Thread(target=_read, args=(handle, file, said), daemon=True)
        reading.start()
        reading.join(30)
        assert said == [ChangedError]


def test_a_link_in_the_place_of_a_file_is_not_read(inbox: Path, outside: Path) -> None:
    (inbox / "a.hl7").write_bytes(b"MSH")
    with locked(inbox) as handle:
        assert handle is not None
        [file] = files_in(handle, limit=9)
        (inbox / "a.hl7").unlink()
        (inbox / "a.hl7").symlink_to(outside)
        with pytest.raises(ChangedError):
            read_in(handle, file)


def _read(handle: int, file: Resting, said: list[object]) -> None:
    try:
        said.append(read_in(handle, file))
    except (ChangedError, OSError) as error:
        said.append(type(error))

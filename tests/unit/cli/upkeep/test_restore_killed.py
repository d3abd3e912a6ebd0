"""A restore that was killed on its way: nobody serves what it left; the same words finish it."""

import importlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from place import Place, cda

from gateway.settings import read_settings
from gateway.store.engine.engines import writing_engine

HALF = "type gateway restore DIR again"
STEPS = (
    "gateway.store.backups.backup:migrate",
    "gateway.store.backups.backup:follow_versions",
    "gateway.store.backups.backup:note",
    "gateway.cli.upkeep.restoring:bury_again_at",
    "gateway.store.backups.unfinished:finished",
)


class Killed(BaseException):
    """As no command catches it."""


def kill(*_words: object, **_more: object) -> None:
    raise Killed


@pytest.fixture
def copy(place: Place, tmp_path: Path) -> Path:
    """A backup with a document in it, and its place emptied."""
    place.open_space()
    place.deposit(cda(1))
    place.done("backup", str(tmp_path / "copy"))
    empty(place)
    return tmp_path / "copy"


def empty(place: Place) -> None:
    for file in place.config.parent.glob("gateway.db*"):
        file.unlink()
    url = read_settings(place.config)[0].store.url
    if not url.startswith("sqlite"):
        engine = writing_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()


def killed_at(step: str, work: Callable[[], object]) -> None:
    module, _, name = step.rpartition(":")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(importlib.import_module(module), name, kill)
        with pytest.raises(Killed):
            work()


@pytest.mark.parametrize("step", STEPS)
def test_what_it_left_is_refused_by_every_command_and_finished_by_the_same_words(
    place: Place, copy: Path, tmp_path: Path, step: str
) -> None:
    killed_at(step, lambda: place.command("restore", str(copy)))
    for words in (("audit", "verify"), ("migrate",), ("serve",)):
        assert HALF in place.fails(*words, status=2)
    assert "not restored to its end" in place.fails("backup", str(tmp_path / "more"), status=2)
    assert "the store is as it was in" in place.done("restore", str(copy))
    place.done("audit", "verify")
    place.done("backup", str(tmp_path / "more"))
    again = place.fails("restore", str(copy), status=2)
    assert "there is a database already" in again or "into an empty database" in again


def test_another_backup_does_not_finish_it(place: Place, copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(copy, other)
    about = other / "backup.json"
    about.write_bytes(about.read_bytes() + b" ")
    killed_at(STEPS[0], lambda: place.command("restore", str(copy)))
    assert "another backup was being restored" in place.fails("restore", str(other), status=2)


def test_one_that_was_killed_before_anything_stood_there_begins_anew(
    sqlite_place: Place, tmp_path: Path
) -> None:
    place, copy = sqlite_place, tmp_path / "copy"
    place.done("backup", str(copy))
    empty(place)
    killed_at("os:replace", lambda: place.command("restore", str(copy)))
    assert "there is no database" in place.fails("serve", status=2)
    place.done("restore", str(copy))
    place.done("audit", "verify")

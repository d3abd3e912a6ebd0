"""An init or a first start of a demo that was killed on its way: the same words finish it."""

import importlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from place import command

from gateway.daemon.demo.furnish import prepare
from gateway.settings.demo import demo_settings
from gateway.store.keys.gateway_keys import INDEX, Keys
from gateway.store.keys.key_files import KeyFileError, write_private
from gateway.store.keys.masters.master import MASTER
from gateway.store.log.log_key import LOG

NAMES = (MASTER, INDEX, LOG)


class Killed(BaseException):
    """As no command catches it."""


def killed_at(step: str, work: Callable[[], object], *, after: int = 0) -> None:
    """In the call of `step` that follows `after` others."""
    module, _, name = step.rpartition(":")
    true, calls = getattr(importlib.import_module(module), name), iter(range(after))

    def at_last(*words: object, **more: object) -> object:
        if next(calls, None) is None:
            raise Killed
        return true(*words, **more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(importlib.import_module(module), name, at_last)
        with pytest.raises(Killed):
            work()


def keys_in(folder: Path) -> dict[str, bytes]:
    return {one: (folder / one).read_bytes() for one in NAMES if (folder / one).exists()}


@pytest.mark.parametrize("after", [0, 1])
def test_a_key_is_whole_or_not_there(tmp_path: Path, after: int) -> None:
    killed_at(
        "os:fsync" if after else "os:fdopen", lambda: write_private(tmp_path / "k", b"k" * 32)
    )
    assert not (tmp_path / "k").exists()
    write_private(tmp_path / "k", b"k" * 32)
    with pytest.raises(KeyFileError, match="exists already"):
        write_private(tmp_path / "k", b"n" * 32)
    assert (tmp_path / "k").read_bytes() == b"k" * 32
    assert [one.name for one in tmp_path.iterdir()] == ["k"]


@pytest.mark.parametrize(
    ("step", "after", "made"),
    [
        ("gateway.store.keys.gateway_keys:write_private", 0, 0),
        ("gateway.store.keys.gateway_keys:write_private", 1, 1),
        ("gateway.store.log.log_key:create_log_key", 0, 2),
        ("gateway.store.migrating:migrate", 0, 3),
        ("gateway.store.keys.key_check:check_keys", 0, 3),
        ("os:replace", 0, 3),
    ],
)
def test_the_same_words_finish_an_init_with_the_keys_that_it_made(
    tmp_path: Path, step: str, after: int, made: int
) -> None:
    folder = tmp_path / "made"
    killed_at(step, lambda: command("init", str(folder)), after=after)
    before = keys_in(folder / "keys")
    assert len(before) == made
    if made:  # as a process leaves it that had no time to
        os.link(folder / "keys" / MASTER, folder / "keys" / f".{MASTER}.99999.new")
    assert command("init", str(folder)).status == 0
    assert keys_in(folder / "keys").items() >= before.items()
    assert {one.name for one in (folder / "keys").iterdir()} == set(NAMES)
    assert command("check-config", str(folder / "gateway.toml")).status == 0


@pytest.mark.parametrize("name", NAMES)
def test_keys_of_another_place_are_never_taken_for_those_of_a_try(
    tmp_path: Path, name: str
) -> None:
    command("init", str(tmp_path / "other"))
    keys = tmp_path / "made" / "keys"
    keys.mkdir(parents=True)
    write_private(keys / name, (tmp_path / "other" / "keys" / name).read_bytes())
    for _ in range(2):
        said = command("init", str(tmp_path / "made"))
        assert (said.status, "exists already" in said.err) == (2, True)
    assert not (tmp_path / "made" / "gateway.toml").exists()


@pytest.mark.parametrize("after", [0, 1])
def test_a_demo_that_was_killed_at_its_first_start_starts(tmp_path: Path, after: int) -> None:
    settings = demo_settings(tmp_path)
    step = "gateway.store.keys.gateway_keys:write_private"
    killed_at(step, lambda: prepare(settings), after=after)
    prepare(settings)
    assert set(keys_in(settings.store.keys)) == set(NAMES)
    assert Keys.load(settings.store.keys)

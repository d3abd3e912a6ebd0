"""Folders and files that a configuration names: they are there, ours, and one purpose each."""

import os
from pathlib import Path

import pytest
from settings_at_fault import keys_at_fault


def test_a_folder_of_two_senders_is_named(tmp_path: Path) -> None:
    watched = '[[folder]]\npath = "{}"\nsender = "{}"\n'
    text = 'profile = "test"\n[mllp]\nsender = "a"\n' + watched.format("in", "a")
    assert keys_at_fault(tmp_path, text + watched.format("out", "b")) == {}
    assert set(keys_at_fault(tmp_path, text + watched.format("./in", "b"))) == {"folder.path"}


@pytest.mark.parametrize("key", ["outbox", "audit.checkpoints", "folder.path"])
def test_a_folder_that_is_a_file_is_named(tmp_path: Path, key: str) -> None:
    (tmp_path / "file").touch()
    lines = {
        "outbox": 'outbox = "file/below"\n',
        "audit.checkpoints": '[audit]\ncheckpoints = "file"\n',
        "folder.path": '[[folder]]\npath = "file"\nsender = "a"\n',
    }
    text = f'profile = "test"\n{lines[key]}[mllp]\nsender = "a"\n'
    assert set(keys_at_fault(tmp_path, text)) == {key}


@pytest.mark.parametrize("name", ["a" * 300, "loop/in", "\\u0000"])
@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("store.keys", '[store]\nkeys = "NAME"\n'),
        ("access.grid", '[access]\ngrid = "NAME"\n'),
        ("mllp.tls.key", '[mllp.tls]\ncertificate = "NAME"\nkey = "NAME"\n'),
    ],
)
def test_a_file_that_cannot_be_is_named(tmp_path: Path, key: str, line: str, name: str) -> None:
    text = f'profile = "test"\n[mllp]\nsender = "a"\n{line}'.replace("NAME", name)
    assert "there is no f" in keys_at_fault(tmp_path, text)[key]


@pytest.mark.parametrize("name", ["a" * 300, "loop/in", "\\u0000"])
@pytest.mark.parametrize("key", ["outbox", "folder.path"])
def test_a_folder_that_cannot_be_is_named(tmp_path: Path, key: str, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    lines = {"outbox": f'outbox = "{name}"\n', "folder.path": ""}
    text = f'profile = "test"\n{lines[key]}[mllp]\nsender = "a"\n'
    text += f'[[folder]]\npath = "{name}"\nsender = "a"\n' if key == "folder.path" else ""
    assert "cannot be looked at" in keys_at_fault(tmp_path, text)[key]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_not_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o500)
    text = 'profile = "test"\noutbox = "theirs/outbox"\n[mllp]\nsender = "a"\n'
    assert "make" in keys_at_fault(tmp_path, text)["outbox"]

"""A word that names nothing, or that nothing can keep, is said before anything is done."""

from pathlib import Path

import pytest
from place import NOTHING, Place, command

LATIN_1 = b"Andr\xe9".decode("utf-8", "surrogateescape")  # as Python hands over such a word


@pytest.mark.parametrize(
    "words",
    [
        ("sender", "disable", LATIN_1),
        ("sender", "add", "labo", "--organization", LATIN_1),
        ("sender", "add", "labo", "--by", LATIN_1),
        ("identity", "show", LATIN_1),
        ("replay", NOTHING, LATIN_1),
    ],
)
def test_a_word_that_is_no_utf_8_is_said_before_anything_is_done(
    sqlite_place: Place, words: tuple[str, ...]
) -> None:
    said = sqlite_place.fails(*words, status=2)
    assert said.endswith(" is not UTF-8 text: 'Andr\\udce9'\n")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("init", ""),
        ("backup", ""),
        ("sender", "list", "--data", ""),
        ("serve", "--demo", "--data", ""),
    ],
)
def test_an_empty_name_is_not_the_folder_one_stands_in(
    tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = command(*words)
    assert (said.status, "an empty name is that of no file" in said.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_no_system_can_name_is_not_made(tmp_path: Path) -> None:
    said = command("init", str(tmp_path / ("x" * 300)))
    assert (said.status, said.err.count("\n")) == (3, 1)


@pytest.mark.parametrize("address", ["here", "-", "mysql://host/name", "postgresql://host:x/name"])
def test_a_restore_is_tried_at_an_address_that_can_be_one(
    sqlite_place: Place, tmp_path: Path, address: str
) -> None:
    said = sqlite_place.fails("restore", str(tmp_path), "--try", address, status=2)
    assert said.startswith(f"--try {address}: write ")


def test_no_device_and_no_folder_becomes_a_ready_file(tmp_path: Path) -> None:
    for there in (Path("/dev/null"), tmp_path):
        said = command("serve", "--demo", "--data", str(tmp_path), "--ready-file", str(there))
        assert (said.status, said.err.count("\n")) == (2, 1)
        assert f"--ready-file {there} is no plain file" in said.err
    assert list(tmp_path.iterdir()) == []

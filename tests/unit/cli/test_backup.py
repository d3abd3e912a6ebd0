"""`gateway backup` beside a running gateway, and `gateway restore` into an empty place."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.records.filing import Answer
from gateway.records.patient import PatientKey
from gateway.store import Store

Cda = Callable[..., bytes]
Deposit = Callable[..., Answer]
OpenSpace = Callable[..., PatientKey]


def moved(config: str) -> str:
    """The same gateway on a new machine: its file and its keys, no database yet."""
    place, other = Path(config).parent, Path(config).parent.with_name("other")
    other.mkdir()
    shutil.copytree(place / "keys", other / "keys")
    shutil.copy(config, other)
    return str(other / "gateway.toml")


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_backup_is_restored_elsewhere_with_its_documents(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    inside: Callable[..., object],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    filed, copy = deposit(cda(1)), tmp_path / "copy"

    async def beside(_store: Store) -> None:
        assert main(["backup", str(copy), "--config", config]) == 0

    inside(beside)
    elsewhere = moved(config)
    assert main(["restore", str(copy), "--config", elsewhere]) == 0
    words = ["--config", elsewhere]
    assert main(["replay", filed.receipt, "--dry-run", *words]) == 0
    assert main(["audit", "verify", *words]) == 0
    capsys.readouterr()
    assert main(["restore", str(copy), *words]) == 2
    assert "there is a database already" in capsys.readouterr().err


def test_a_backup_is_refused_where_something_stands(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "letter").touch()
    assert main(["backup", str(copy), "--config", config]) == 2
    assert "not empty" in capsys.readouterr().err
    assert main(["restore", str(copy), "--config", config]) == 2
    assert "holds no backup" in capsys.readouterr().err


def test_a_restore_is_refused_into_a_place_in_use(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    assert main(["backup", str(copy), "--config", config]) == 0
    assert main(["restore", str(copy), "--config", config]) == 2
    assert "into an empty" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["data-keys.jsonl", "*"])
def test_a_backup_that_is_not_whole_leaves_the_place_empty(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    deposit(cda(1))
    copy = tmp_path / "copy"
    assert main(["backup", str(copy), "--config", config]) == 0
    others = [one for one in copy.iterdir() if one.suffix not in (".json", ".jsonl")]
    (others[0] if name == "*" else copy / name).unlink()
    elsewhere = moved(config)
    assert main(["restore", str(copy), "--config", elsewhere]) == 2
    assert "is missing" in capsys.readouterr().err
    assert not (Path(elsewhere).parent / "gateway.db").exists()


@pytest.mark.parametrize("damage", ["", "{}", "[1]", "no json"])
def test_a_backup_that_does_not_say_what_it_is_is_refused(
    config: str, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "backup.json").write_text(damage)
    assert main(["restore", str(copy), "--config", config]) == 2
    assert "backup.json" in capsys.readouterr().err

"""Every command is there, loads only what it needs, and says its errors in one line."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.cli import COMMANDS, main
from gateway.clock import SystemIds
from gateway.records.filing import Answer
from gateway.records.patient import PatientKey
from gateway.store import Keys

NAMES = {*(one.replace("_", "-") for one in COMMANDS), "restore"}
HEAVY = ("sqlalchemy", "alembic", "aiohttp", "fhir")
WITH_STORE = [
    ("identity", "list"),
    ("identity", "show", "0" * 32),
    ("replay", "0" * 32),
    ("pack", "0" * 32, "--xdm", "out.zip"),
    ("sender", "list"),
    ("audit", "verify"),
]


def test_help_names_every_command_and_loads_no_library_of_the_store() -> None:
    program = (
        "import sys; from gateway.cli import parser_for; parser_for(None).print_help();"
        f"sys.exit(any(name in sys.modules for name in {HEAVY!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {line.split()[0] for line in done.stdout.splitlines() if line[:4].isspace()} >= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_command_has_its_own_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert name in capsys.readouterr().out


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["init", str(tmp_path)]) == 0
    capsys.readouterr()
    return tmp_path / "gateway.toml"


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("words", [*WITH_STORE, ("migrate",), ("backup", "copy")])
def test_a_database_that_is_away_is_said(
    place: Path,
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(place.parent)
    away = 'url = "postgresql://nobody@127.0.0.1:1/none"'
    place.write_text(place.read_text().replace('# url = "sqlite:///gateway.db"', away))
    assert main([*words, "--config", str(place)]) == 3
    assert "cannot be reached" in one_line(capsys)


@pytest.mark.parametrize("words", WITH_STORE)
def test_a_missing_key_a_missing_schema_and_no_database_are_said(
    place: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = ["--config", str(place)]
    (tmp_path / "keys" / "index.key").rename(tmp_path / "index.key")
    assert main([*words, *config]) == 2
    assert "index.key is missing" in one_line(capsys)
    (tmp_path / "gateway.db").unlink()
    assert main([*words, *config]) == 2
    assert "gateway migrate" in one_line(capsys)
    (tmp_path / "gateway.db").write_bytes(b"a letter to my aunt" * 100)
    assert main([*words, *config]) == 3
    assert "no database" in one_line(capsys)


def test_keys_of_another_gateway_are_said(
    config: str,
    cda: Callable[..., bytes],
    deposit: Callable[..., Answer],
    open_space: Callable[..., PatientKey],
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    filed = deposit(cda(1))
    keys = Path(config).parent / "keys"
    keys.rename(keys.with_name("old"))
    Keys.create(keys, SystemIds())
    assert main(["replay", filed.receipt, "--config", config]) == 2
    assert "the keys do not open this database" in one_line(capsys)


def test_a_reader_who_has_seen_enough_is_no_error(place: Path) -> None:
    program = f"{sys.executable} -m gateway audit verify --config {place} | true"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) in ((0, ""), (1, ""))


def test_migrate_says_from_where_to_where_and_may_be_run_again(
    place: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = ["--config", str(place)]
    (tmp_path / "gateway.db").unlink()
    assert main(["migrate", *config]) == 0
    assert capsys.readouterr().out.startswith("schema none → 0")
    assert main(["migrate", *config]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_the_store_of_a_demo_is_reached_by_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from gateway.daemon.demo.furnish import prepare
    from gateway.settings import demo_settings

    prepare(demo_settings(tmp_path))
    assert main(["sender", "list", "--data", str(tmp_path)]) == 0
    assert main(["identity", "list", "--data", str(tmp_path / "none")]) == 2
    assert "no folder" in capsys.readouterr().err

"""`gateway init` makes what `gateway check-config` finds fine, and never writes over anything."""

import stat
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.settings import load_settings


def test_what_init_makes_passes_check_config(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "made"
    assert main(["init", str(folder)]) == 0
    assert main(["check-config", str(folder / "gateway.toml")]) == 0
    assert "fine, profile test" in capsys.readouterr().out


def test_keys_are_read_by_their_owner_only(tmp_path: Path) -> None:
    main(["init", str(tmp_path / "made")])
    keys = load_settings(tmp_path / "made" / "gateway.toml").store.keys
    modes = {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()}
    assert modes == {0o600}


def test_a_second_init_keeps_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", str(tmp_path)])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(["init", str(tmp_path)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_keys_that_exist_are_kept_when_the_file_is_gone(tmp_path: Path) -> None:
    main(["init", str(tmp_path)])
    keys = {path: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    (tmp_path / "gateway.toml").unlink()
    assert main(["init", str(tmp_path)]) == 2
    assert {path: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == keys


def test_a_folder_that_cannot_be_made_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["init", str(tmp_path / "file" / "below")]) == 3
    assert "cannot be written" in capsys.readouterr().err


def test_check_config_prints_every_problem_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text('profile = "testt"\n[http]\nport = 1\n')
    assert main(["check-config", str(file)]) == 1
    out = capsys.readouterr().out
    assert "line 1: profile:" in out
    assert "line 3: http.port: unknown key" in out

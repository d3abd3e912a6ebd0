"""`gateway init` makes what `gateway check-config` finds fine, and never writes over anything."""

import os
import shlex
import stat
from pathlib import Path

from place import command

from gateway.settings import load_settings


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_init_makes_passes_check_config(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    assert command("init", str(folder)).status == 0
    status, out, _ = command("check-config", str(folder / "gateway.toml"))
    assert (status, "fine, profile test" in out) == (0, True)


def test_the_commands_that_it_proposes_can_be_typed_for_a_folder_with_blanks(
    tmp_path: Path,
) -> None:
    said = command("init", str(tmp_path / "chez nous")).out
    (typed,) = (line.partition("Next: ")[2] for line in said.splitlines() if "Next: " in line)
    assert command(*shlex.split(typed)[1:]).status == 0


def test_keys_are_read_by_their_owner_only(tmp_path: Path) -> None:
    command("init", str(tmp_path / "made"))
    keys = load_settings(tmp_path / "made" / "gateway.toml").store.keys
    modes = {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()}
    assert modes == {0o600}


def test_the_database_is_its_owners_also_in_a_folder_open_to_all(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    try:
        command("init", str(tmp_path))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "gateway.db").stat().st_mode) == 0o600


def test_migrate_makes_the_folder_of_an_empty_database(tmp_path: Path) -> None:
    command("init", str(tmp_path))
    file = tmp_path / "gateway.toml"
    elsewhere = 'url = "sqlite:///data/new.db"'
    file.write_text(file.read_text().replace('# url = "sqlite:///gateway.db"', elsewhere))
    assert command("migrate", "--config", str(file)).status == 0
    assert stat.S_IMODE((tmp_path / "data" / "new.db").stat().st_mode) == 0o600


def test_a_second_init_keeps_everything(tmp_path: Path) -> None:
    command("init", str(tmp_path))
    before = files(tmp_path)
    status, _, err = command("init", str(tmp_path))
    assert (status, "exists already" in err) == (2, True)
    assert files(tmp_path) == before


def test_keys_that_exist_are_kept_when_the_file_is_gone(tmp_path: Path) -> None:
    command("init", str(tmp_path))
    keys = files(tmp_path / "keys")
    (tmp_path / "gateway.toml").unlink()
    assert command("init", str(tmp_path)).status == 2
    assert files(tmp_path / "keys") == keys


def test_check_config_names_a_file_that_is_no_database(tmp_path: Path) -> None:
    command("init", str(tmp_path))
    (tmp_path / "gateway.db").write_bytes(b"something that was put here by mistake")
    status, out, _ = command("check-config", str(tmp_path / "gateway.toml"))
    place = f"{tmp_path / 'gateway.db'} is no database"
    assert (status, place in out, len(out.splitlines())) == (1, True, 1)


def test_check_config_names_a_missing_file_once(tmp_path: Path) -> None:
    file = tmp_path / "none.toml"
    status, out, _ = command("check-config", str(file))
    assert (status, out) == (1, f"{file} cannot be read: No such file or directory\n")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, _, err = command("init", str(tmp_path / "file" / "below"))
    assert (status, "cannot be written" in err) == (3, True)


def test_check_config_names_keys_and_a_database_that_a_start_would_miss(tmp_path: Path) -> None:
    command("init", str(tmp_path))
    file, keys = str(tmp_path / "gateway.toml"), tmp_path / "keys"
    (keys / "master.key").unlink()
    (keys / "index.key").chmod(0o644)
    (keys / "log.key").write_text("no key")
    (tmp_path / "gateway.db").unlink()
    status, out, _ = command("check-config", file)
    assert (status, "fine" in out) == (1, False)
    assert [line.partition(": ")[2].partition(" ")[2] for line in out.splitlines()] == [
        "master.key is missing: restore it from its own backup",
        f"index.key is open to others: chmod 600 {keys / 'index.key'}",
        "log.key is damaged: restore it from its own backup",
        f"is no database at {tmp_path / 'gateway.db'}: restore a backup, or gateway migrate"
        " for an empty one",
    ]
    assert not (tmp_path / "gateway.db").exists()


def test_check_config_names_a_key_that_is_no_key_and_open_to_others_at_once(
    tmp_path: Path,
) -> None:
    command("init", str(tmp_path))
    keys = tmp_path / "keys"
    for name in ("master.key", "index.key", "log.key"):
        (keys / name).write_bytes(b"short")
    (keys / "index.key").chmod(0o644)
    (keys / "log.key").chmod(0o644)
    status, out, _ = command("check-config", str(tmp_path / "gateway.toml"))
    assert status == 1
    assert [line.rpartition("store.keys: ")[2].partition(":")[0] for line in out.splitlines()] == [
        "master.key does not hold 32 bytes",
        "index.key is open to others",
        "index.key does not hold 32 bytes",
        "log.key is open to others",
        "log.key is damaged",
    ]


def test_check_config_prints_every_problem_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text('profile = "testt"\n[http]\nport = 1\n')
    status, out, _ = command("check-config", str(file))
    assert status == 1
    assert "line 1: profile:" in out
    assert "line 3: http.port: unknown key" in out

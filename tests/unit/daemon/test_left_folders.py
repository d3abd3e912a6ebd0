"""What a process that was killed leaves lying about is taken away by the next one."""

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.daemon.alone import alone
from gateway.daemon.left import TRIALS, WORKERS, clear_left, own_prefix


@pytest.mark.parametrize("kind", [WORKERS, TRIALS])
def test_what_a_killed_process_left_is_taken_away_and_what_a_living_one_has_is_not(
    tmp_path: Path, kind: str
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    names = {"left": f"{kind}{ended.pid}-a", "living": f"{own_prefix(kind)}b"}
    names["other"] = f"{kind}of-somebody"
    for name in names.values():
        (tmp_path / name).mkdir()
        (tmp_path / name / "0.json").write_text("{}")
    (tmp_path / f"{kind}{ended.pid}-link").symlink_to(tmp_path / names["other"])
    clear_left(tmp_path, kind)
    stand = {name for name, folder in names.items() if (tmp_path / folder).exists()}
    assert stand == {"living", "other"}
    assert (tmp_path / names["other"] / "0.json").exists()


def test_a_daemon_takes_away_what_a_trial_left_beside_its_file(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    left = tmp_path / f"{TRIALS}{ended.pid}-a"
    left.mkdir()
    with alone(f"sqlite:///{tmp_path}/gateway.db"):
        assert not left.exists()

"""What CI tries again alone: few tests, and only those that failed (docs/decisions/037)."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HOLDS = f"{Path(__file__).relative_to(ROOT)}::test_a_name_says_where_it_is"


def tried(names: list[str], place: Path) -> subprocess.CompletedProcess[str]:
    (place / "failed").write_text("".join(f"{one}\n" for one in names), encoding="utf-8")
    command = [str(ROOT / ".ci" / "alone"), str(place / "failed")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_name_says_where_it_is() -> None:
    assert (ROOT / HOLDS.partition("::")[0]).samefile(__file__)


@pytest.mark.parametrize("names", [[], [HOLDS] * 6], ids=["none", "many"])
def test_neither_a_run_that_named_nothing_nor_many_failures_are_tried_again(
    names: list[str], tmp_path: Path
) -> None:
    done = tried(names, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")


def test_what_fails_again_fails_and_what_holds_is_named(tmp_path: Path) -> None:
    if not (ROOT / ".venv" / "bin" / "python").exists():
        pytest.skip("make install builds the .venv that it runs in")
    gone = f"{HOLDS}_no_more"
    assert tried([HOLDS, gone], tmp_path).returncode == 1
    held = tried([HOLDS], tmp_path)
    assert held.returncode == 0
    assert f"Mend it: {HOLDS}" in held.stdout
    assert held.stdout.count("1 passed") == 3

"""Each contract of import-linter catches the breach that it names."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BREACHES = {
    "a flow that imports the store": ("flows/breach.py", "import gateway.store\n"),
    "two edges that know each other": ("schedule/breach.py", "import gateway.vault\n"),
    "a room without a floor": ("attic/__init__.py", ""),
    "SQL in an adapter": ("adapters/breach.py", "import sqlalchemy\n"),
    "SQL of the standard library in a flow": ("flows/breach.py", "import sqlite3\n"),
    "HTTP in the schedule": ("schedule/breach.py", "import aiohttp\n"),
    "mail in the vault": ("vault/breach.py", "import aiosmtplib\n"),
    "the timer library in the store": ("store/breach.py", "import apscheduler\n"),
    "a standard's library in an adapter": ("adapters/breach.py", "import lxml\n"),
    "a socket in the mapping": ("mapping/breach.py", "import socket\n"),
    "TLS in the records": ("records/breach.py", "import ssl\n"),
}
CONFORMANCE = ("../conformance/breach.py", "import gateway.records\n")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    skip = shutil.ignore_patterns("__pycache__")
    for name in ("gateway", "conformance"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_floors_hold(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("breach", [*BREACHES, "a conformance kit that imports the gateway"])
def test_a_breach_is_caught(house: Path, breach: str) -> None:
    name, text = BREACHES.get(breach, CONFORMANCE)
    planted = house / "gateway" / name
    made = not planted.parent.exists()
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text)
    try:
        assert lint(house).returncode == 1
    finally:
        planted.unlink()
        if made:
            planted.parent.rmdir()

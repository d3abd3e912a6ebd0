"""Each contract of import-linter catches the breach that it names."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FLOORS = "Floors: a room imports only from lower floors"
UNKNOWN_ROOM = "The following modules are not listed as layers"
BREACHES = {
    "a flow that imports the store": ("flows/breach.py", "gateway.store", FLOORS),
    "two edges that know each other": ("schedule/breach.py", "gateway.vault", FLOORS),
    "a room without a floor": ("attic/__init__.py", "os", UNKNOWN_ROOM),
    "SQL in an adapter": ("adapters/breach.py", "sqlalchemy", "SQL stays in the store"),
    "sqlite in a flow": ("flows/breach.py", "sqlite3", "SQL stays in the store"),
    "HTTP in the schedule": ("schedule/breach.py", "aiohttp", "HTTP stays in vault and adapters"),
    "mail in the vault": ("vault/breach.py", "aiosmtplib", "Mail stays in mssante"),
    "a timer in the store": (
        "store/breach.py",
        "apscheduler",
        "The timer library stays in schedule",
    ),
    "XML in an adapter": ("adapters/breach.py", "lxml", "Standards' libraries stay in mapping"),
    "SQL in the daemon": (
        "daemon/breach.py",
        "sqlalchemy",
        "Composition and commands leave each library to its room",
    ),
    "a socket in the mapping": (
        "mapping/breach.py",
        "socket",
        "No socket and no loop on floors 1 to 4",
    ),
    "TLS in the records": ("records/breach.py", "ssl", "No socket and no loop on floors 1 to 4"),
    "a page that judges": (
        "vault/breach.py",
        "gateway.access.consent",
        "Only flows ask the rules of access",
    ),
    "a conformance kit that knows the gateway": (
        "../conformance/breach.py",
        "gateway.records",
        "The conformance kit speaks by wire only",
    ),
}


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


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_caught_by_its_contract(house: Path, breach: str) -> None:
    name, imported, contract = BREACHES[breach]
    planted = house / "gateway" / name
    made = not planted.parent.exists()
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"import {imported}\n")
    try:
        done = lint(house)
    finally:
        planted.unlink()
        if made:
            planted.parent.rmdir()
    assert done.returncode == 1
    assert (contract if contract is UNKNOWN_ROOM else f"{contract} BROKEN") in done.stdout

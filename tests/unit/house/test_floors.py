"""Each contract of import-linter catches the breach that it names."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FLOORS = "Floors: a room imports only from lower floors"
NO_FLOOR = "a room without a floor"
UNKNOWN_ROOM = "The following modules are not listed as layers"
BREACHES = {
    "a flow that imports the store": ("gateway/flows/breach_of_store.py", "gateway.store", FLOORS),
    "two edges that know each other": ("gateway/schedule/breach.py", "gateway.vault", FLOORS),
    NO_FLOOR: ("gateway/attic/__init__.py", "os", UNKNOWN_ROOM),
    "SQL in an adapter": (
        "gateway/adapters/breach_of_sql.py",
        "sqlalchemy",
        "SQL stays in the store",
    ),
    "sqlite in a flow": ("gateway/flows/breach_of_sqlite.py", "sqlite3", "SQL stays in the store"),
    "HTTP in the schedule": (
        "gateway/schedule/breach_of_http.py",
        "aiohttp",
        "HTTP stays in vault and adapters",
    ),
    "mail in the vault": ("gateway/vault/breach_of_mail.py", "aiosmtplib", "Mail stays in mssante"),
    "a timer in the store": (
        "gateway/store/breach.py",
        "apscheduler",
        "The timer library stays in schedule",
    ),
    "XML in an adapter": (
        "gateway/adapters/breach_of_xml.py",
        "lxml",
        "Standards' libraries stay in mapping",
    ),
    "SQL in the daemon": (
        "gateway/daemon/breach.py",
        "sqlalchemy",
        "Composition and commands leave each library to its room",
    ),
    "a socket in the mapping": (
        "gateway/mapping/breach.py",
        "socket",
        "No socket and no loop on floors 1 to 4",
    ),
    "TLS in the records": (
        "gateway/records/breach.py",
        "ssl",
        "No socket and no loop on floors 1 to 4",
    ),
    "a page that judges": (
        "gateway/vault/breach.py",
        "gateway.access.consent",
        "Only flows ask the rules of access",
    ),
    "a conformance kit that knows the gateway": (
        "conformance/breach.py",
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


def planted(house: Path, breaches: Iterable[str]) -> list[Path]:
    """A module of its own for each breach; what was made for it."""
    made = []
    for breach in breaches:
        path = house / BREACHES[breach][0]
        made.append(path.parent if not path.parent.exists() else path)
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"import {BREACHES[breach][1]}\n")
    return made


@pytest.fixture(scope="module")
def said(house: Path) -> str:
    """Of a house with every breach but the room without a floor, which is told instead of them."""
    made = planted(house, [one for one in BREACHES if one != NO_FLOOR])
    done = lint(house)
    for path in made:
        path.unlink()
    assert done.returncode == 1
    return done.stdout


def test_the_floors_hold(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("breach", [one for one in BREACHES if one != NO_FLOOR])
def test_a_breach_is_caught_by_its_contract(said: str, breach: str) -> None:
    name, imported, contract = BREACHES[breach]
    assert f"{contract} BROKEN" in said
    _, found, told = said.partition(f"{contract}\n{'-' * len(contract)}\n")
    assert found
    module = ".".join(Path(name).with_suffix("").parts)
    # The next contract that is broken follows with a title and a line below it.
    assert f"{module} -> {imported} (l.1)" in told.partition("\n---")[0]


def test_a_room_without_a_floor_is_caught(house: Path) -> None:
    (made,) = planted(house, [NO_FLOOR])
    try:
        done = lint(house)
    finally:
        shutil.rmtree(made)
    assert done.returncode == 1
    assert UNKNOWN_ROOM in done.stdout

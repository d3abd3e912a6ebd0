"""What holds for every file of the repository."""

import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LONGEST = 300
LOOSE_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}
SUFFIXES = ".py .md .toml .txt .html .css .js .ini .mako .lock .csv .service"
TEXT = {*SUFFIXES.split(), ""}
FORBIDDEN = {
    "a folder of somebody's machine": re.compile(r"(?<![\w.])/(?:work|home/\w+|Users/\w+)/"),
    "the address of a package registry": re.compile(r"https?://[^\s\"']*(?:pypi|pythonhosted)"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}"),
    "work without an issue": re.compile(r"#\s*(?:TODO|FIXME|XXX)\b(?! \(#[0-9]+\))"),
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def tracked() -> list[Path]:
    """Files of the repository, without those that are ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git work tree")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_file_holds_what_must_stay_outside() -> None:
    ours = Path(__file__).resolve()
    texts = [path for path in tracked() if path.suffix in TEXT and path != ours]
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in texts
        for what, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_no_python_file_is_too_long_to_read_at_once() -> None:
    long = {}
    for path in tracked():
        if "versions" in path.parts:  # a migration is read once, from the top
            continue
        if path.suffix == ".py" and (lines := path.read_bytes().count(b"\n")) > LONGEST:
            long[str(path.relative_to(ROOT))] = lines
    assert long == {}


def test_no_module_is_named_for_nothing() -> None:
    loose = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py" and LOOSE_NAMES & {path.stem, path.parent.name}
    ]
    assert loose == []


def test_no_two_files_of_the_tests_have_the_same_name() -> None:
    """They are imported by their bare names: a second one would hide the first."""
    names = Counter(path.name for path in tracked() if path.is_relative_to(ROOT / "tests"))
    python = {name for name, count in names.items() if count > 1 and name.endswith(".py")}
    assert python - {"__init__.py", "conftest.py"} == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py"
        and path.is_relative_to(ROOT / "gateway")
        and (text := path.read_text(encoding="utf-8")).strip()
        and not text.startswith(('"""', 'r"""'))
    ]
    assert silent == []


def test_the_lock_pins_every_package_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {normal(match[0]) for one in wanted if (match := NAME.match(one))}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {normal(match[1]) for match in re.finditer(r"^([A-Za-z0-9._-]+)==", lock, re.M)}
    assert names - pinned == set()


def test_every_package_of_the_lock_has_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.M)
    assert [
        block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block
    ] == []
    assert "://" not in lock

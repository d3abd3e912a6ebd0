"""What is installed for run time carries no licence that binds our users (decision 003)."""

import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[3]
ARGUED = {"psycopg", "psycopg-binary"}


def licence(package: Distribution) -> str:
    """The words of the metadata that name the licence; a whole text counts by its first line."""
    meta = package.metadata
    fields = ("License-Expression", "License", "Classifier")
    values = [value for field in fields for value in meta.get_all(field) or []]
    return " ".join(value.split("\n")[0] for value in values)


def run_time() -> Iterator[Distribution]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [Requirement(one) for one in project["dependencies"]]
    seen: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        name = wanted.name.lower().replace("_", "-")
        if name in seen or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        yield package
        waiting += [Requirement(one) for one in package.requires or []]
        waiting += [Requirement(f"{name}-{extra}") for extra in wanted.extras]


def test_no_licence_of_the_gpl_family_enters_at_run_time_but_the_one_that_is_argued() -> None:
    found = {
        package.name.lower()
        for package in run_time()
        if any(word in licence(package) for word in ("GPL", "GNU", "Affero"))
    }
    assert found <= ARGUED


def test_every_run_time_package_is_looked_at() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert len(list(run_time())) >= len(project["dependencies"])


def test_every_dependency_stands_in_the_table_of_decision_003() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = next((ROOT / "docs" / "decisions").glob("003-*.md")).read_text(encoding="utf-8")
    rows = [line.split("|")[1].lower() for line in table.splitlines() if line.startswith("| ")]
    named = {word.strip(" ,") for row in rows for word in row.split()}
    assert {Requirement(one).name.lower() for one in project["dependencies"]} <= named

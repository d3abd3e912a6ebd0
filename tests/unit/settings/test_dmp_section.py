"""[dmp]: what the door for DMP-compatible software must be given."""

from pathlib import Path

import pytest

from gateway.settings.demo import demo_settings
from gateway.settings.sections.dmp import Dmp, dmp_faults

OURS = "2.25.190382974361450826391374502863741025638"


def faults(dmp: Dmp) -> list[tuple[str | int, ...]]:
    return [path for path, _ in dmp_faults(dmp)]


def test_a_door_that_is_closed_needs_nothing() -> None:
    assert faults(Dmp(prefix="", repository="")) == []


def test_the_demo_has_its_door_open(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    assert settings.dmp.enabled
    assert faults(settings.dmp) == []


@pytest.mark.parametrize("prefix", ["", "/", "dmp", "/dmp/", "/a b", "/a//b", "/{x}"])
def test_a_prefix_is_a_path_without_a_slash_at_its_end(prefix: str) -> None:
    assert faults(Dmp(enabled=True, repository=OURS, prefix=prefix)) == [("dmp", "prefix")]


@pytest.mark.parametrize("repository", ["", "1.2", "1.2.x", "1.02.3", "3.1.1", "2.25." + "1" * 60])
def test_a_repository_is_named_by_an_oid(repository: str) -> None:
    assert faults(Dmp(enabled=True, repository=repository)) == [("dmp", "repository")]

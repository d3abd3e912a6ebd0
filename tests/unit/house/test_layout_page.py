"""docs/layout.md names each room of the gateway, and the files to open first."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "layout.md").read_text("utf-8")
UNLISTED = {"cli", "daemon", "flows"}
"""Rooms that are a heading of the page."""


def test_each_room_and_each_room_in_it_has_a_line_and_no_other_has() -> None:
    packages = {path.parent.relative_to(ROOT) for path in ROOT.glob("gateway/*/**/__init__.py")}
    rooms = {"/".join(one.parts[1:]) for one in packages if len(one.parts) <= 3}
    rows = re.findall(r"^\| `([^`]+)` \|", PAGE.partition("## Beside")[0], re.MULTILINE)

    assert sorted(rows) == sorted(rooms - UNLISTED)


def test_each_file_and_folder_that_it_names_is_there() -> None:
    named = re.findall(r"`((?:gateway|tests|conformance|benchmarks)(?:/[\w/.]+)?)`", PAGE)
    assert len(named) > 20
    assert [one for one in named if not (ROOT / one).exists()] == []

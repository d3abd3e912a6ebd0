"""docs/operators/kept.md says of every table how its rows end."""

import re
from pathlib import Path

from gateway.store import schema

PAGE = Path(__file__).parents[3] / "docs" / "operators" / "kept.md"


def test_every_table_stands_in_it_once_and_no_other() -> None:
    rows = (line for line in PAGE.read_text().splitlines() if line.startswith("| `"))
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]

    assert sorted(named) == sorted(schema.metadata.tables)

"""docs/decisions/README.md lists each decision once, under its own title."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "docs" / "decisions"


def test_each_decision_is_listed_once_by_its_title() -> None:
    titles = {one.name: one.read_text("utf-8").split("\n")[0] for one in FOLDER.glob("0*.md")}
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", (FOLDER / "README.md").read_text("utf-8"), re.M)

    assert sorted((name, f"# {title}") for title, name in listed) == sorted(titles.items())

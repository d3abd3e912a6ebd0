"""What the pages tell people to type is what the commands know, and what they name is there."""

import argparse
import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.commands import gateway, sender
from conformance.verify import command as verify
from gateway.adapters.monitoring.metrics import PrometheusMetrics
from gateway.cli import parser_for

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    ROOT / "examples" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
OURS = re.compile(r"(?:\S*/)?gateway +(.*)")
KIT = re.compile(r"(?:\S*/)?python -m conformance +(.*)")
STANDS_FOR = {"NUMBER": "1", "ENTRY…": "1", "LABEL": "BIOLOGIE", "…": ""}
"""What a page writes where a person puts a word of his own, and which the parser looks at."""


def typed(page: Path, command: re.Pattern[str]) -> Iterator[list[str]]:
    """The words of each command in the shell blocks of a page; optional ones as if they were."""
    for language, block in BLOCK.findall(page.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines() if language == "sh" else ():
            if found := command.match(line.strip()):
                words = shlex.split(re.split(r" [<>|] ?", found[1])[0], comments=True)
                plain = [STANDS_FOR.get(one, one) for one in (w.strip("[]") for w in words)]
                yield [one for one in plain if one]


def refused(parser: argparse.ArgumentParser, words: list[str]) -> str:
    """What a parser says to it, "" where it understands."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            parser.parse_args(words)
        except SystemExit as stop:
            return said.getvalue() if stop.code else ""
    return ""


def test_every_command_of_the_pages_is_one_that_gateway_knows() -> None:
    parser = parser_for(None)
    commands = [words for page in PAGES for words in typed(page, OURS)]
    wrong = {" ".join(words): said for words in commands if (said := refused(parser, words))}
    assert wrong == {}
    assert len(commands) > 60


def test_every_command_of_the_pages_is_one_that_the_kit_knows() -> None:
    parsers = {"sender": sender.parser(), "verify": verify._parser()}
    commands = [words for page in PAGES for words in typed(page, KIT)]
    assert {words[0] for words in commands} >= set(parsers)
    for words in commands:
        of_word = parsers.get(words[0])
        parser, rest = (of_word, words[1:]) if of_word else (gateway.parser(), words)
        assert refused(parser, rest) == ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    text = BLOCK.sub("", page.read_text("utf-8"))
    links = [one for one in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in one]
    broken = [one for one in links if not leads(page, one)]
    assert broken == []


def leads(page: Path, link: str) -> bool:
    name, _, place = link.partition("#")
    there = page.parent / name if name else page
    return there.exists() and (not place or place in headings(there))


def headings(page: Path) -> set[str]:
    """As the sites that show Markdown name them."""
    lines = re.findall(r"^#+ (.*)$", BLOCK.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in lines}


def test_the_page_for_operators_has_each_metric_once() -> None:
    rows = re.findall(r"^\| (`gateway_[^|]*) \|", (ROOT / "docs/operators.md").read_text(), re.M)
    ours = re.findall(r"^# TYPE (gateway_\w+)", PrometheusMetrics().exposition().decode(), re.M)
    kept = [one for one in ours if not one.endswith("_created")]
    assert sorted(re.findall(r"`(gateway_\w+)", " ".join(rows))) == sorted(kept)

"""docs/passerelle.service starts what the commands know, and says to systemd what it means."""

import shlex
from pathlib import Path

from gateway.cli import parser_for

UNIT = Path(__file__).resolve().parents[3] / "docs" / "passerelle.service"


def directives() -> list[tuple[str, str]]:
    lines = UNIT.read_text("utf-8").splitlines()
    said = [line for line in lines if line and line[0] not in "#["]
    return [(name, value) for name, _, value in (line.partition("=") for line in said)]


def test_what_it_starts_is_a_command_of_ours() -> None:
    program, *words = shlex.split(dict(directives())["ExecStart"])
    asked = parser_for(None).parse_args(words)
    assert Path(program).name == "gateway"
    assert (words[0], str(asked.config)) == ("serve", "/srv/passerelle/gateway.toml")


def test_a_comment_has_a_line_of_its_own() -> None:
    """systemd.syntax(7): behind a value it would be a part of the value."""
    assert [name for name, value in directives() if "#" in value or not name.isalpha()] == []

"""gateway.toml → Settings, or every problem at once with its line."""

import difflib
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gateway.settings.checking.checks import house_problems
from gateway.settings.checking.lines import line_of
from gateway.settings.checking.problems import Problem, SettingsError
from gateway.settings.demo import Overrides, override
from gateway.settings.explain import explanations, keys_beside
from gateway.settings.paths import resolve
from gateway.settings.shape import Settings

ADAPTER = TypeAdapter(Settings)
TOML_PLACE = re.compile(r"\(at line ([0-9]+), column [0-9]+\)")
WORDS = {
    "missing": "is missing",
    "missing_argument": "is missing",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "float_parsing": "write a number",
    "string_type": "write a text between quotes",
    "path_type": "write a path between quotes",
    "dataclass_type": "is a section: write it as [section]",
    "tuple_type": 'write a list in brackets, as ["one", "two"]',
}


def load_settings(file: Path, overrides: Overrides | None = None) -> Settings:
    """The settings of a file, complete and checked; relative paths start at its folder.

    `overrides` are those of the command line: the rules hold for them too.

    Raises SettingsError with every problem, those of missing secret files and of the
    production profile (VAULT GEN-07) among them.
    """
    settings, text = read_settings(file)
    settings = override(settings, overrides or Overrides())
    problems = house_problems(settings, text)
    if problems:
        raise SettingsError(problems)
    return settings


def read_settings(file: Path) -> tuple[Settings, str]:
    """The settings as written, and the text; no secret and no profile rule is looked at."""
    try:
        text = file.read_text(encoding="utf-8-sig")  # a mark at the beginning is Notepad's
    except UnicodeDecodeError:
        raise SettingsError((Problem("", None, f"{file.name} is not UTF-8 text"),)) from None
    except OSError as error:
        reason = f"{file} cannot be read: {error.strerror}"
        raise SettingsError((Problem("", None, reason),)) from error
    settings = parse_settings(text)
    return resolve(settings, file.resolve().parent), text


def parse_settings(text: str) -> Settings:
    """The settings of a TOML text, paths as written. Raises SettingsError."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError((_syntax(error),)) from error
    if "demo" in tree:
        raise SettingsError((_unknown(text, ("demo",)),))
    try:
        return replace(ADAPTER.validate_python(tree), demo=False)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        raise SettingsError(tuple(_problem(text, one) for one in details)) from None


def _syntax(error: tomllib.TOMLDecodeError) -> Problem:
    place = TOML_PLACE.search(str(error))
    message = TOML_PLACE.sub("", str(error)).strip()
    return Problem("", int(place[1]) if place else None, f"not TOML: {message}")


def _problem(text: str, detail: Any) -> Problem:
    path = tuple(detail["loc"])
    if detail["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return _unknown(text, path)
    message = WORDS.get(detail["type"]) or detail["msg"].removeprefix("Value error, ")
    known = explanations().get(dotted(path))
    if detail["type"] == "tuple_type" and known is not None and known.repeated:
        message = f"may be there several times: write it as [[{known.key}]]"
    return Problem(dotted(path), line_of(text, path), message)


def _unknown(text: str, path: tuple[str | int, ...]) -> Problem:
    known = keys_beside(dotted(path[:-1]))
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return Problem(dotted(path), line_of(text, path), f"unknown key; {hint}")


def dotted(path: tuple[str | int, ...]) -> str:
    """("mllp", 1, "listen") is mllp.listen: a repeated section has one explanation."""
    return ".".join(part for part in path if isinstance(part, str))

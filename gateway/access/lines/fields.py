"""The types of a scenario: text, bool, instants, lists, tables with known keys only."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

T = TypeVar("T")
Field = Callable[[object], object]

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


MAX_SHOWN_LETTERS = 40


class NotAScenarioError(ValueError):
    """The line is outside the format; the text names the keys that lead there and what to fix."""


def text(value: object) -> str:
    if not isinstance(value, str):
        raise NotAScenarioError("text is expected")
    return value


def text_or_null(value: object) -> str | None:
    return None if value is None else text(value)


def filled_text(value: object) -> str:
    if not text(value):
        raise NotAScenarioError("a text is empty")
    return text(value)


def boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise NotAScenarioError("true or false is expected")
    return value


def instant(value: object) -> datetime:
    """`YYYY-MM-DDTHH:MM:SSZ`, and it exists."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise NotAScenarioError("an instant is written YYYY-MM-DDTHH:MM:SSZ")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise NotAScenarioError("an instant does not exist") from error


def instant_or_null(value: object) -> datetime | None:
    return None if value is None else instant(value)


def day(value: object) -> date:
    """`YYYY-MM-DD`, and it exists."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise NotAScenarioError("a date is written YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise NotAScenarioError("a date does not exist") from error


def member(value: object, values: Mapping[str, T]) -> T:
    """One of a closed list."""
    if not isinstance(value, str) or value not in values:
        raise NotAScenarioError("a value is outside its list")
    return values[value]


def one_of(values: Sequence[str]) -> Field:
    """A reader of a closed list of words."""
    known = {value: value for value in values}
    return lambda value: member(value, known)


def items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise NotAScenarioError("a list is expected")
    return value


def texts(value: object) -> tuple[str, ...]:
    return tuple(text(item) for item in items(value))


def table(
    value: object, fields: Mapping[str, Field], *, ignored: Sequence[str] = ()
) -> dict[str, Any]:
    """Reads each key of an object by its field; a key without a field is refused."""
    if not isinstance(value, dict):
        raise NotAScenarioError("an object is expected")
    read: dict[str, Any] = {}
    for key, item in value.items():
        field = fields.get(key)
        if field is not None:
            try:
                read[key] = field(item)
            except NotAScenarioError as error:
                raise NotAScenarioError(f"{key}: {error}") from error
        elif key not in ignored:
            raise NotAScenarioError(f"a key is unknown: {key[:MAX_SHOWN_LETTERS]!a}")
    return read


def required(fields: Mapping[str, object], *keys: str) -> None:
    for key in keys:
        if key not in fields:
            raise NotAScenarioError(f"{key} is missing")


def renamed(fields: dict[str, Any], **names: str) -> dict[str, Any]:
    """Gives keys of the format (`from`, `class`) the names of our records."""
    for old, new in names.items():
        key = old.rstrip("_")
        if key in fields:
            fields[new] = fields.pop(key)
    return fields

"""How single values of gateway.toml become ours; a ValueError says what to write instead."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from gateway.access.lines.fields import NotAScenarioError
from gateway.access.lines.switches import SWITCHES, switches_of
from gateway.records.duration import PARIS
from gateway.records.patients.invitation import LETTER_PATH, OTP_PATH, WINDOWS
from gateway.records.readers.switches import Switch, Switches
from gateway.settings.addresses import Address, parse_address

T = TypeVar("T")
STORE_URL = re.compile(r"sqlite:///.+|postgresql(\+psycopg)?://.+")


def read_address(value: object) -> Address:
    if isinstance(value, Address):
        return value
    if not isinstance(value, str):
        raise ValueError('write ADDRESS:PORT between quotes, as "127.0.0.1:2575"')  # noqa: TRY004 - pydantic reports ValueError only
    return parse_address(value)


def read_store_url(value: str) -> str:
    """What the drivers would not understand is said here, with its key."""
    if not STORE_URL.fullmatch(value):
        raise ValueError("write sqlite:///FILE or postgresql://USER@HOST/NAME")
    if value.startswith("sqlite"):
        return value
    where = urlsplit(value)
    try:
        _ = where.port
    except ValueError:
        raise ValueError("write postgresql://USER@HOST:PORT/NAME, the port a number") from None
    if not all(one.isdecimal() for one in parse_qs(where.query).get("connect_timeout", [])):
        raise ValueError("connect_timeout is a whole number of seconds")
    return value


def read_switches(value: object) -> Switches:
    """The switches of ACCESS section 6; TOML dates stand for the ISO instants of a scenario."""
    if isinstance(value, Switches):
        return value
    if isinstance(value, Mapping) and (unknown := sorted(set(value) - set(SWITCHES))):
        raise ValueError(f"unknown switch {unknown[0]}; known: {', '.join(SWITCHES)}")
    try:
        return switches_of(_plain(value))
    except NotAScenarioError as error:
        raise ValueError(str(error)) from error


def read_window(value: object) -> Switch[str]:
    """VAULT POL-01."""
    return _dated(value, dict(zip(WINDOWS, WINDOWS, strict=True)), before="P6W")


def read_creation(value: object) -> Switch[bool]:
    """VAULT POL-02."""
    return _dated(value, {True: True, False: False}, before=True)


def read_paths(value: object) -> Switch[tuple[str, ...]]:
    """VAULT POL-05."""
    known = ((LETTER_PATH, OTP_PATH), (LETTER_PATH,), (OTP_PATH,))
    return _dated(_tuples(value), dict(zip(known, known, strict=True)), before=known[0])


def read_patient_may_write(value: object) -> Switch[str]:
    """VAULT POL-13."""
    known = ("reply", "known", "known-and-pharmacies")
    return _dated(value, dict(zip(known, known, strict=True)), before="known")


def read_rubrique_wording(value: object) -> Switch[str]:
    """VAULT POL-14."""
    return _dated(value, {"list": "list", "screen": "screen"}, before="list")


def _tuples(value: object) -> object:
    """Lists of words in the order of the paths; a list of dated entries stays one."""
    if isinstance(value, Mapping):
        return {key: _tuples(item) for key, item in value.items()}
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return [_tuples(item) for item in value]
    return tuple(sorted(map(str, value))) if isinstance(value, list) else value


def _dated(value: object, known: Mapping[T, T], *, before: T) -> Switch[T]:
    """A value, or a list of {from = DAY, value = …}: each is in force from 0:00 of its day in
    Paris, `before` until the first of them."""
    if isinstance(value, Switch):
        return value
    if not isinstance(value, list):
        return Switch(_one_of(value, known))
    return Switch(before, tuple(_entry(item, known) for item in value))


def _entry(item: object, known: Mapping[T, T]) -> tuple[datetime, T]:
    if not isinstance(item, Mapping) or set(item) != {"from", "value"}:
        raise ValueError('write a value, or [{from = "2022-01-01", value = …}]')
    return _midnight(item["from"]), _one_of(item["value"], known)


def _one_of(value: object, known: Mapping[T, T]) -> T:
    for one in known:
        if type(value) is type(one) and value == one:
            return one
    raise ValueError(f"write one of {', '.join(map(_word, known))}")


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return value if isinstance(value, str) else str(value).lower()


def _midnight(value: object) -> datetime:
    day = value if isinstance(value, date) and not isinstance(value, datetime) else None
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    if day is None:
        raise ValueError("a switch of [policy] changes on a day: 2026-01-01")
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        raise ValueError("a switch changes at an instant with its zone: 2026-01-01T00:00:00Z")  # noqa: TRY004 - pydantic reports ValueError only
    return value


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a switch changes at an instant with its zone: 2026-01-01T00:00:00Z")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

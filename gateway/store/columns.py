"""Between columns and records: instants, and sealed JSON read back into frozen records."""

from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Convert = Callable[[Any], Any]


def can_be(name: str) -> bool:
    """Whether a name that somebody asks for may be in a text column: PostgreSQL keeps no NUL, and
    fails where it is asked for one."""
    return "\x00" not in name


def micros(at: datetime) -> int:
    """Whole microseconds since 1970; `at` is timezone-aware."""
    return (at - EPOCH) // MICROSECOND


def micros_or_none(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def instant(number: int) -> datetime:
    return EPOCH + timedelta(microseconds=number)


def instant_or_none(number: int | None) -> datetime | None:
    return None if number is None else instant(number)


def pack(value: object) -> bytes:
    """JSON of a record, of dicts and of lists; bytes become hexadecimal text."""
    return orjson.dumps(value, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def unpack(kind: type[T], packed: bytes) -> T:
    """A record out of its JSON. Unknown fields are passed over, absent ones take defaults."""
    convert: Callable[[Any], T] = _converter(cast(Hashable, kind))
    return convert(orjson.loads(packed))


@cache
def _converter(kind: Any) -> Convert:  # a type expression, which typing leaves untyped
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (only,) = (one for one in inner if one is not NoneType)
        convert = _converter(only)
        return lambda value: None if value is None else convert(value)
    if origin is tuple:
        item = _converter(inner[0])
        return lambda values: tuple(item(value) for value in values)
    if is_dataclass(kind):
        return _record(kind)
    return _scalar(kind)


def _scalar(kind: Any) -> Convert:  # as above
    if kind is bytes or getattr(kind, "__supertype__", None) is bytes:
        return bytes.fromhex
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda value: value


def _record(kind: Any) -> Convert:  # as above
    hints = get_type_hints(kind)
    converts = {field.name: _converter(hints[field.name]) for field in fields(kind)}

    def revive(values: dict[str, Any]) -> Any:
        return kind(
            **{name: convert(values[name]) for name, convert in converts.items() if name in values}
        )

    return revive

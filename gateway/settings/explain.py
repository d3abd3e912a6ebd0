"""What every key means: one source for `check-config --explain` and the file of `gateway init`."""

import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from gateway.records.readers.switches import Switch, Switches
from gateway.settings.addresses import Address
from gateway.settings.shape import Settings


@dataclass(frozen=True, slots=True)
class Explanation:
    """One key: `default` as TOML, None where there is none; `section` for a table of keys."""

    key: str
    text: str
    default: str | None
    section: bool
    repeated: bool = False
    choices: tuple[str, ...] = ()


@cache
def explanations() -> dict[str, Explanation]:
    """Every key of gateway.toml by its dotted name, sections before their keys."""
    return {one.key: one for one in _walk(Settings, "")}


def explain(key: str) -> str | None:
    """Help for a key or a section, as printed; None for an unknown one."""
    known = explanations().get(key)
    if known is None:
        return None
    lines = [f"{key}: {known.text}"]
    if known.choices:
        lines.append(f"One of: {', '.join(known.choices)}.")
    if known.default is not None:
        lines.append(f"Default: {known.default}")
    if known.section:
        lines += [f"  {key}.{name}" for name in keys_beside(key)]
    return "\n".join(lines)


def keys_beside(section: str) -> list[str]:
    """The names of the keys that a section knows; "" is the top of the file."""
    start = f"{section}." if section else ""
    inner = (key[len(start) :] for key in explanations() if key.startswith(start))
    return [name for name in inner if "." not in name]


def _walk(cls: type[Any], prefix: str) -> Iterator[Explanation]:
    hints = get_type_hints(cls, include_extras=True)
    for item in fields(cls):
        hint = hints[item.name]
        text = _description(hint)
        if text is None:
            continue
        table, repeated = _table(hint)
        key = f"{prefix}{item.name}"
        default = None if table else _default(item)
        yield Explanation(key, text, default, table is not None, repeated, _choices(hint))
        if table is not None:
            yield from _walk(table, f"{key}.")


def _description(hint: Any) -> str | None:
    described = (one.description for one in get_args(hint)[1:] if isinstance(one, FieldInfo))
    return next(described, None)


def _bare(hint: Any) -> Any:
    """The type inside Annotated and optional."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return _bare(get_args(hint)[0])
    return hint


def _table(hint: Any) -> tuple[type[Any] | None, bool]:
    """The dataclass of a section, and whether the section may be repeated."""
    bare = _bare(hint)
    repeated = get_origin(bare) is tuple
    inner = _bare(get_args(bare)[0]) if repeated else bare
    is_table = is_dataclass(inner) and inner not in (Address, Switches)
    return (inner if is_table and isinstance(inner, type) else None), repeated and is_table


def _choices(hint: Any) -> tuple[str, ...]:
    bare = _bare(hint)
    if get_origin(bare) is Literal:
        return get_args(bare)
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return tuple(bare)
    return ()


def _default(item: "Field[Any]") -> str | None:
    value = item.default
    if value is None or value is MISSING:
        return None
    return _toml(value)


def _toml(value: object) -> str:
    match value:
        case Switch():
            return _toml(value.before)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case tuple():
            return f"[{', '.join(_toml(one) for one in value)}]"
        case str() | Path() | Address():
            return f'"{value}"'
        case _:
            raise TypeError(f"no TOML for {type(value).__name__}")

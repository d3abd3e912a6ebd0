"""Relative paths of a configuration start at the folder of its file."""

import dataclasses
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from gateway.records.readers.switches import Switches
from gateway.settings.addresses import Address
from gateway.settings.shape import Settings

SQLITE = "sqlite:///"
T = TypeVar("T")


def resolve(settings: Settings, folder: Path) -> Settings:
    """The same settings with absolute paths, the SQLite file's too."""
    settings = _absolute(settings, folder)
    url = settings.store.url
    if url.startswith(SQLITE):
        url = f"{SQLITE}{folder / url.removeprefix(SQLITE)}"
    return replace(settings, store=replace(settings.store, url=url))


def _absolute(value: T, folder: Path) -> T:
    changed: Any = value  # mypy cannot see that every branch keeps the type of `value`
    if isinstance(value, Path):
        changed = folder / value.expanduser()
    elif isinstance(value, tuple):
        changed = tuple(_absolute(item, folder) for item in value)
    elif is_dataclass(value) and not isinstance(value, type | Address | Switches):
        names = [item.name for item in dataclasses.fields(value)]
        inner = {name: _absolute(getattr(value, name), folder) for name in names}
        changed = replace(value, **inner)
    return cast(T, changed)

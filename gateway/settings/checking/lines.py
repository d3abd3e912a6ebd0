"""Where a key stands in a TOML text: tomllib tells values, not lines."""

import re
from collections import Counter

HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]")
KEY = re.compile(r"\s*([A-Za-z0-9_.\-\"']+)\s*=")

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int | None:
    """The line (from 1) of the longest known beginning of `path`, as ("mllp", 1, "listen").

    A table that is not repeated may be named with or without its number 0.
    """
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        for shape in (path[:length], tuple(part for part in path[:length] if part != 0)):
            if shape in lines:
                return lines[shape]
    return None


def _lines(text: str) -> dict[Path, int]:
    """Every key path of the text and its line; the first mention of a path counts."""
    found: dict[Path, int] = {}
    repeated: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            table = _numbered(_parts(header[2]), repeated)
            if header[1] == "[[":
                table = (*table, repeated[table])
                repeated[table[:-1]] += 1
            found.setdefault(table, number)
        elif key := KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def _numbered(parts: Path, repeated: Counter[Path]) -> Path:
    """[mllp.tls] after the second [[mllp]] is ("mllp", 1, "tls")."""
    path: Path = ()
    for place, part in enumerate(parts):
        path = (*path, part)
        if place < len(parts) - 1 and repeated[path]:
            path = (*path, repeated[path] - 1)
    return path


def _parts(name: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in name.split("."))

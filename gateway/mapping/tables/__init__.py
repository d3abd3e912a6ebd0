"""Code lists of the standards as data: one CSV a list, its origin in its first comment lines."""

import csv
from importlib.resources import files


def rows(name: str, *, room: str = __name__) -> list[dict[str, str]]:
    """The rows of `name`.csv by column; lines that begin with # say where they come from. `room`
    is the package where the table stands."""
    text = files(room).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))

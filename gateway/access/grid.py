"""The matrice d'habilitation as data: one cell a (profession or activity column, type code).

A grid is a file of the shape of the official publication; it is hashed into every trace. A
missing cell is a refusal, and of two cells in force one `N` refuses (ACCESS section 8).
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from gateway.access.grid_json import OfficialGridError, looks_official, official_rows
from gateway.access.time import civil_date

SHIPPED = "2023-10.csv"
REQUIRED = ("profession_code", "type_code", "consultation")
OPTIONAL = ("class_code", "valid_from", "valid_to", "status", "source")
MAX_GRID_BYTES = 16_000_000


class GridError(ValueError):
    """The grid cannot be read; the text names the line and what to fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One row: `valid_from` is inclusive, `valid_to` exclusive, both civil dates in Paris."""

    profession: str
    type_code: str
    permits: bool
    class_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    status: str = ""
    source: str = ""

    def in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


class Grid:
    """The cells of one version. `digest` is SHA-256 of the file, "" for rows given by hand."""

    def __init__(self, cells: Iterable[Cell], *, digest: str = "") -> None:
        rows: dict[tuple[str, str], tuple[Cell, ...]] = {}
        for cell in cells:
            place = (cell.profession, cell.type_code)
            rows[place] = (*rows.get(place, ()), cell)
        self._rows: Mapping[tuple[str, str], tuple[Cell, ...]] = rows
        self.digest = digest

    def cells(self, profession: str, type_code: str, now: datetime) -> tuple[Cell, ...]:
        """The rows in force at now; () is "no cell"."""
        rows = self._rows.get((profession, type_code))
        if not rows:
            return ()
        day = civil_date(now)
        if len(rows) == 1:
            return rows if rows[0].in_force(day) else ()
        return tuple(row for row in rows if row.in_force(day))

    def __iter__(self) -> Iterator[Cell]:
        return (cell for rows in self._rows.values() for cell in rows)

    def professions(self) -> tuple[str, ...]:
        """Every column that has a row, in order."""
        return tuple(sorted({profession for profession, _ in self._rows}))


def cell_of(row: Mapping[str, object]) -> Cell:
    """One row by its column names; raises GridError on an unknown column, type, value or date."""
    for key, value in row.items():
        if key not in REQUIRED and key not in OPTIONAL:
            raise GridError("a column is unknown: keep those of ACCESS section 8")
        if not isinstance(value, str) and not (value is None and key in ("valid_from", "valid_to")):
            raise GridError(f"{key} is not text")
    for key in REQUIRED:
        if key not in row:
            raise GridError(f"column {key} is missing")
    if row["consultation"] not in ("Y", "N"):
        raise GridError("consultation is neither Y nor N")
    return Cell(
        profession=str(row["profession_code"]),
        type_code=str(row["type_code"]),
        permits=row["consultation"] == "Y",
        class_code=str(row.get("class_code", "")),
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
        status=str(row.get("status", "")),
        source=str(row.get("source", "")),
    )


def _day(value: object) -> date | None:
    if not value:
        return None
    text = str(value)
    try:
        if len(text) == 10 and text[4] == "-" == text[7]:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise GridError("valid_from and valid_to are dates as YYYY-MM-DD")


def read_grid(content: bytes) -> Grid:
    """A grid file: the documented CSV (UTF-8, with a header), or JSON of the official shape.

    Raises GridError.
    """
    if len(content) > MAX_GRID_BYTES:
        raise GridError(f"the grid is larger than {MAX_GRID_BYTES} bytes")
    cells = _official(content) if looks_official(content) else _documented(content)
    return Grid(cells, digest=hashlib.sha256(content).hexdigest())


def _official(content: bytes) -> list[Cell]:
    try:
        return [cell_of(row) for row in official_rows(content)]
    except OfficialGridError as error:
        raise GridError(str(error)) from error


def _documented(content: bytes) -> list[Cell]:
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        if missing := [name for name in REQUIRED if name not in (lines.fieldnames or ())]:
            raise GridError(f"column {missing[0]} is missing")
        return [_numbered(row, lines.line_num) for row in lines]
    except (UnicodeDecodeError, csv.Error) as error:
        raise GridError("the grid is not UTF-8 text with comma separated columns") from error


def _numbered(row: Mapping[str, object], line: int) -> Cell:
    try:
        return cell_of(row)
    except GridError as error:
        raise GridError(f"line {line}: {error}") from error


def shipped_bytes() -> bytes:
    """The file of the version that comes with the product."""
    return (files("gateway.access") / "grids" / SHIPPED).read_bytes()


@cache
def shipped_grid() -> Grid:
    """The version that comes with the product, read once."""
    return read_grid(shipped_bytes())

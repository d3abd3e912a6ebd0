"""What is wrong with a grid, how sure it is, and what another version of it changes."""

from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, product

from gateway.access.grid import Cell, Grid

STATUSES = frozenset({"official", "reported", "inferred", "placeholder"})


@dataclass(frozen=True, slots=True)
class Remark:
    """One fault: `code` names the kind, `where` the cell, `message` what to fix."""

    code: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of two versions; None is no cell, which refuses like False."""

    profession: str
    type_code: str
    before: bool | None
    after: bool | None


def check(
    grid: Grid, *, professions: Container[str], is_known_type: Callable[[str], bool]
) -> Iterator[Remark]:
    """Contradictions, doubles, holes, unknown codes and empty periods, cell by cell."""
    places: dict[tuple[str, str], list[Cell]] = {}
    for cell in grid:
        places.setdefault((cell.profession, cell.type_code), []).append(cell)
        yield from _check_cell(cell)
    for place, cells in places.items():
        yield from _check_place(place, cells)
    columns = sorted({profession for profession, _ in places})
    types = sorted({type_code for _, type_code in places})
    for column in (column for column in columns if column not in professions):
        yield Remark("unknown-profession", column, "use list_code or GENR08 to GENR12")
    for type_code in (type_code for type_code in types if not is_known_type(type_code)):
        yield Remark("unknown-type", type_code, "use a type code of JDV_J66")
    for where in (place for place in product(columns, types) if place not in places):
        yield Remark("missing", " × ".join(where), "add a row: until then it refuses")


def _check_cell(cell: Cell) -> Iterator[Remark]:
    where = f"{cell.profession} × {cell.type_code}"
    if cell.valid_from and cell.valid_to and cell.valid_to <= cell.valid_from:
        yield Remark("empty-period", where, "valid_to is exclusive: write a later date")
    if cell.status not in STATUSES:
        yield Remark("unknown-status", where, f"write one of {', '.join(sorted(STATUSES))}")


def _check_place(place: tuple[str, str], cells: list[Cell]) -> Iterator[Remark]:
    where = " × ".join(place)
    for one, other in combinations(cells, 2):
        if not _overlap(one, other):
            continue
        if one.permits is other.permits:
            yield Remark("double", where, "two rows of one period say the same: keep one")
        else:
            yield Remark("contradiction", where, "Y and N in one period: N refuses; keep one")


def _overlap(one: Cell, other: Cell) -> bool:
    """Both rows are in force on some day; None is without bound."""
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    ends = min(one.valid_to or date.max, other.valid_to or date.max)
    return starts < ends


def shares(grid: Grid) -> Counter[str]:
    """How many cells have which status."""
    return Counter(cell.status for cell in grid)


def differences(old: Grid, new: Grid, now: datetime) -> list[Change]:
    """The cells whose answer differs at now, in the order of column and type."""
    places = {(cell.profession, cell.type_code) for grid in (old, new) for cell in grid}
    changes = (
        Change(*place, _answer(old.cells(*place, now)), _answer(new.cells(*place, now)))
        for place in sorted(places)
    )
    return [change for change in changes if change.before is not change.after]


def _answer(cells: tuple[Cell, ...]) -> bool | None:
    return all(cell.permits for cell in cells) if cells else None

"""Professionals who read, exhaustively: the decision against the table, on the grid we ship."""

import csv
import io
from importlib.resources import files
from itertools import product

import pytest
from table_reading import CODES, NOW, TABLE, Side, papers, profession_of, reader, sides

from gateway.access.decide import decide
from gateway.access.grid import SHIPPED, Cell, Grid, shipped_grid
from gateway.records.readers.access import AccessAction, Reader
from gateway.records.readers.switches import Switches

OPEN, SWITCHES = AccessAction.OPEN, Switches()
UNKNOWN_TYPE = "00000-0"
COLUMNS_WITHOUT_GRID = (None, "R291_99", "X99_99")
SMALL_GRID = Grid(
    [
        Cell(profession="G15_10", type_code="A", permits=True),
        Cell(profession="G15_10", type_code="B", permits=False),
        Cell(profession="G15_60", type_code="A", permits=True),
        Cell(profession="R94_41", type_code="A", permits=True),
    ]
)


def read_again() -> dict[tuple[str, str], str]:
    """The shipped grid by another reader: its columns and types, one word a cell."""
    text = (files("gateway.access") / "grids" / SHIPPED).read_text("utf-8")
    rows = csv.DictReader(io.StringIO(text))
    today = NOW.date().isoformat()
    found: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row["valid_from"] <= today and (not row["valid_to"] or today < row["valid_to"]):
            place = row["profession_code"], row["type_code"]
            found.setdefault(place, set()).add(row["consultation"])
    return {place: "permits" if said == {"Y"} else "refuses" for place, said in found.items()}


CELLS = read_again()
COLUMNS = sorted({column for column, _ in CELLS})
TYPES = (*sorted({code for _, code in CELLS}), UNKNOWN_TYPE)


def who_is(column: str | None) -> Reader:
    social = column is not None and column.startswith("GENR")
    return reader(None, column) if social else reader(column)


def cell_of(column: str | None, code: str) -> str:
    if column is None or column == "R291_99":
        return "no column"
    return CELLS.get((column, code), "no cell")


def everyday() -> list[Side]:
    return list(
        sides(
            account=("active", "closed"),
            consent=("none", "his"),
            block=("none", "now"),
            way=("normal", "glass", "glass, masked open", "samu"),
            named=("nobody", "administrator"),
        )
    )


def test_the_enumeration_is_as_large_as_it_says() -> None:
    columns = len(COLUMNS) + len(COLUMNS_WITHOUT_GRID)
    combinations = columns * len(TYPES) * len(everyday()) * len(papers(("plain", "masked", "both")))
    assert combinations >= 5_000_000


@pytest.mark.parametrize("column", [*COLUMNS, *COLUMNS_WITHOUT_GRID])
def test_every_type_and_every_everyday_choice(column: str | None) -> None:
    grid, who, record_sides = shipped_grid(), who_is(column), everyday()
    profession = TABLE.mask(profession=profession_of(who.profession))
    for code, paper in product(TYPES, papers(("plain", "masked", "both"))):
        document = paper.of_type(code)
        fits = profession & paper.mask & TABLE.mask(cell=cell_of(column, code))
        for side in record_sides:
            said = decide(who, OPEN, document, side.record, side.how, SWITCHES, grid, NOW)
            assert said.rule == TABLE.rule(fits & side.mask), (column, code, paper, side)


@pytest.mark.parametrize("profession", ["G15_10", "G15_60", "R94_41", "R291_99"])
def test_every_choice_on_a_few_cells(profession: str) -> None:
    who = reader(profession)
    has = {cell.type_code: cell.permits for cell in SMALL_GRID if cell.profession == profession}
    words = {True: "permits", False: "refuses", None: "no cell"}
    known = TABLE.mask(profession=profession_of(profession))
    for side, paper, code in product(sides(), papers(tuple(CODES)), ("A", "B")):
        cell = "no column" if profession == "R291_99" else words[has.get(code)]
        said = decide(
            who, OPEN, paper.of_type(code), side.record, side.how, SWITCHES, SMALL_GRID, NOW
        )
        assert said.rule == TABLE.rule(known & paper.mask & side.mask & TABLE.mask(cell=cell))

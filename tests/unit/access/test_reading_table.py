"""Professionals who read, exhaustively: the decision against the table, on the grid we ship.

A type of document reaches a decision through its cell of the grid alone, and this is tried: so each
column is asked every choice once for each cell that there may be, not once for each type.
"""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from itertools import product
from typing import NoReturn

import pytest
from table_reading import CODES, NOW, TABLE, Side, papers, profession_of, reader, sides

from gateway.access.decide import decide
from gateway.access.grid import SHIPPED, Cell, Grid, shipped_grid
from gateway.records.readers.access import AccessAction, Reader
from gateway.records.readers.switches import Switches

OPEN, SWITCHES = AccessAction.OPEN, Switches()
UNKNOWN_TYPE = "00000-0"
TURNS = 16
"""Each type of each column is asked a sixteenth of the choices, the next one the next sixteenth."""
KINDS_OF_CELL = {"permits": (True,), "refuses": (False,), "no cell": ()}
COLUMNS_WITHOUT_GRID = (None, "R291_99", "X99_99")
SMALL_GRID = Grid(
    [
        Cell(profession="G15_10", type_code="A", permits=True),
        Cell(profession="G15_10", type_code="B", permits=False),
        Cell(profession="G15_60", type_code="A", permits=True),
        Cell(profession="R94_41", type_code="A", permits=True),
    ]
)


def _looked_at(*_: object) -> NoReturn:
    raise AssertionError("the type of a document is looked at beside the grid")


READING = ("eq", "ne", "lt", "le", "gt", "ge", "hash", "str", "format")
CUTTING = ("contains", "getitem", "iter", "add", "mod", "mul", "rmul")
LOOKS = {name for name in dir(str) if not name.startswith("_")}
LOOKS |= {f"__{name}__" for name in (*READING, *CUTTING)}
SEALED_TYPE: str = type("Sealed", (str,), dict.fromkeys(LOOKS, _looked_at))("11502-2")
"""Nobody can tell it from another type: whoever compares, hashes, cuts or prints it fails."""


class OneAnswer(Grid):
    """These cells for whatever type it is asked."""

    def cells(self, profession: str, type_code: str, now: datetime) -> tuple[Cell, ...]:
        assert type_code is SEALED_TYPE
        return tuple(self)


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


def test_what_the_kinds_of_cell_stand_for_is_as_large_as_it_says() -> None:
    columns = len(COLUMNS) + len(COLUMNS_WITHOUT_GRID)
    combinations = columns * len(TYPES) * len(everyday()) * len(papers(("plain", "masked", "both")))
    assert combinations >= 5_000_000


@pytest.mark.parametrize(
    "look",
    [
        lambda one: one == "11502-2",
        lambda one: one != "11502-2",
        lambda one: one in {"11502-2": 1},
        lambda one: one in ("10213-7", "11502-2"),
        lambda one: one.startswith("11502"),
        lambda one: f"{one}",
        lambda one: one[:5],
    ],
)
def test_who_looks_at_the_type_is_caught(look: Callable[[str], object]) -> None:
    with pytest.raises(AssertionError, match="beside the grid"):
        look(SEALED_TYPE)


@pytest.mark.parametrize("column", [*COLUMNS, *COLUMNS_WITHOUT_GRID])
def test_every_everyday_choice_whatever_the_type(column: str | None) -> None:
    """Nothing else is known of the type: so the answer is that for every type with such a cell."""
    who, record_sides = who_is(column), everyday()
    profession = TABLE.mask(profession=profession_of(who.profession))
    has_column = cell_of(column, UNKNOWN_TYPE) != "no column"
    for kind, paper in product(KINDS_OF_CELL, papers(("plain", "masked", "both"))):
        grid = OneAnswer(
            Cell(profession=column or "", type_code="", permits=permits)
            for permits in KINDS_OF_CELL[kind]
        )
        fits = profession & paper.mask & TABLE.mask(cell=kind if has_column else "no column")
        document = paper.of_type(SEALED_TYPE)
        for side in record_sides:
            said = decide(who, OPEN, document, side.record, side.how, SWITCHES, grid, NOW)
            assert said.rule == TABLE.rule(fits & side.mask), (column, kind, paper.mask, side)


@pytest.mark.parametrize("column", [*COLUMNS, *COLUMNS_WITHOUT_GRID])
def test_every_type_and_in_turns_every_everyday_choice(column: str | None) -> None:
    grid, who, record_sides = shipped_grid(), who_is(column), everyday()
    profession = TABLE.mask(profession=profession_of(who.profession))
    for turn, code in enumerate(sorted(TYPES, key=lambda one: cell_of(column, one))):
        known = profession & TABLE.mask(cell=cell_of(column, code))
        for paper in papers(("plain", "masked", "both")):
            document, fits = paper.of_type(code), known & paper.mask
            for side in record_sides[turn % TURNS :: TURNS]:
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

"""Explain a case that nobody lives: the decision, its rule, its source and the cells it asked."""

from dataclasses import dataclass

from gateway.access.decide import BY_ID
from gateway.access.grid import Cell, Grid
from gateway.access.lines.fields import NotAScenarioError
from gateway.access.lines.scenario import Scenario, decide_line, parse
from gateway.access.professions import profession_name
from gateway.access.question import columns
from gateway.records.readers.access import Decision

FORMAT_SOURCE = "ACCESS section 2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the grid that the reader reads by, and its cells in force for the type."""

    code: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    decision: Decision
    source: str
    columns: tuple[Column, ...]
    unreadable: str = ""
    """Why the line is no scenario, for X00."""


def explain(line: bytes, grid: Grid) -> Explained:
    """As `gateway grid decide` decides this line under this grid."""
    decision = decide_line(line, grid)
    source = BY_ID[decision.rule].source if decision.rule in BY_ID else FORMAT_SOURCE
    try:
        scenario = parse(line)
    except NotAScenarioError as error:
        return Explained(decision=decision, source=source, columns=(), unreadable=str(error))
    return Explained(decision=decision, source=source, columns=_columns(scenario, grid))


def _columns(scenario: Scenario, grid: Grid) -> tuple[Column, ...]:
    if scenario.document is None:
        return ()
    kind, now = scenario.document.type, scenario.now
    return tuple(
        Column(code=code, name=profession_name(code), cells=grid.cells(code, kind, now))
        for code in columns(scenario.reader)
    )

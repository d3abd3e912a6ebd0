"""A wrong rule or a wrong cell does not stay unseen."""

from dataclasses import replace

import pytest
from rule_mutants import Asked, Mutant, bank, first_rule, mutants
from table_reading import NOW
from test_reading_table import CELLS

from gateway.access.decide import RULES
from gateway.access.grid import Cell, Grid, shipped_grid

SAME = {"P11 always", "P34 always"}
"""Not wrong: the rules before these leave no other question to them."""
ONE_WRONG = [mutant for mutant in mutants(RULES) if mutant.change not in SAME]


@pytest.fixture(scope="module")
def known() -> list[Asked]:
    return bank()


def test_the_known_answers_are_those_of_the_rules(known: list[Asked]) -> None:
    wrong = [one for one in known if first_rule(RULES, one.question) != one.rule]
    assert wrong == []


@pytest.mark.parametrize("mutant", ONE_WRONG, ids=[mutant.change for mutant in ONE_WRONG])
def test_a_wrong_rule_gives_a_wrong_answer(known: list[Asked], mutant: Mutant) -> None:
    assert any(first_rule(mutant.rules, one.question) != one.rule for one in known)


def test_each_wrong_cell_of_the_shipped_grid_is_seen() -> None:
    """The cells by another reader tell every cell that says the contrary."""
    unseen = []
    for cell in shipped_grid():
        wrong = Grid([replace(cell, permits=not cell.permits)])
        said = all(row.permits for row in wrong.cells(cell.profession, cell.type_code, NOW))
        if CELLS.get((cell.profession, cell.type_code)) == ("permits" if said else "refuses"):
            unseen.append(cell)
    assert unseen == list[Cell]()

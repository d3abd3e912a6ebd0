"""A wrong rule, one at a time, and the questions whose known answers must tell it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, product
from pathlib import Path
from typing import NamedTuple

from question_builder import GRID
from rule_borders import BORDERS
from rule_cases import CASES
from table_everybody import ACTS, NOW, TABLE, WHO
from table_reading import TABLE as READING
from table_reading import papers, profession_of, reader, sides
from test_everybody_table import GRID as EVERY_GRID
from test_everybody_table import PAPERS, RECORDS

from gateway.access.decide import WITHOUT_DOCUMENT, is_whole
from gateway.access.grid import shipped_grid
from gateway.access.lines.scenario import parse
from gateway.access.question import Question
from gateway.access.rules.rule import Rule, always
from gateway.records.readers.access import AccessAction
from gateway.records.readers.switches import Switches

SWITCHES = Switches()
SHIPPED = shipped_grid()
PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "access" / "scenarios.jsonl"
STRIDE = 61
READING_STRIDE = 7


class Asked(NamedTuple):
    """A question that is whole, and the rule that answers it."""

    question: Question
    rule: str


class Mutant(NamedTuple):
    """`change` in words; `rules` with one of them changed."""

    change: str
    rules: Sequence[Rule]


def first_rule(rules: Sequence[Rule], question: Question) -> str:
    kind, action = question.reader.kind, question.action
    for rule in rules:
        if kind in rule.kinds and action in rule.actions and rule.condition(action)(question):
            return rule.id
    return "none"


def bank() -> list[Asked]:
    return list(questions())


def questions() -> Iterator[Asked]:
    """Cases written by hand, then every so-maniest combination of both tables."""
    return chain(_cases(), islice(_everybody(), 0, None, STRIDE), _reading())


def _lines() -> Iterator[tuple[str, bytes]]:
    """Ours, and those that ACCESS publishes where they are at hand."""
    for rule, asked in (*CASES, *BORDERS):
        yield rule, json.dumps(asked).encode()
    if PUBLISHED.exists():
        for line in PUBLISHED.read_bytes().splitlines():
            yield json.loads(line)["expect"]["rule"], line


def _cases() -> Iterator[Asked]:
    for rule, line in _lines():
        if rule == "X00":
            continue
        scenario = parse(line)
        own_grid = SHIPPED if b'"covers"' in line else GRID
        document = None if scenario.action in WITHOUT_DOCUMENT else scenario.document
        if is_whole(scenario.action, document, scenario.circumstances):
            grid = scenario.grid if scenario.grid is not None else own_grid
            question = Question(
                scenario.reader,
                scenario.action,
                document,
                scenario.record,
                scenario.circumstances,
                scenario.switches,
                grid,
                scenario.now,
            )
            yield Asked(question, rule)


def _everybody() -> Iterator[Asked]:
    for name, (act, (action, how)) in product(WHO, ACTS.items()):
        fits = TABLE.mask(who=name, act=act)
        for (document, paper), (record, state) in product(PAPERS, RECORDS):
            shown = None if action in WITHOUT_DOCUMENT else document
            question = Question(WHO[name], action, shown, record, how, SWITCHES, EVERY_GRID, NOW)
            yield Asked(question, TABLE.rule(fits & paper & state))


def _reading() -> Iterator[Asked]:
    for profession, permits in (("G15_10", "permits"), ("G15_60", "refuses")):
        known = READING.mask(profession=profession_of(profession), cell=permits)
        for side, paper in islice(product(sides(), papers()), 0, None, READING_STRIDE):
            question = Question(
                reader(profession),
                AccessAction.OPEN,
                paper.of_type("11502-2"),
                side.record,
                side.how,
                SWITCHES,
                GRID,
                NOW,
            )
            yield Asked(question, READING.rule(known & side.mask & paper.mask))


def mutants(rules: Sequence[Rule]) -> Iterator[Mutant]:
    """Each rule dropped, made to hold always, and turned round; whom and what it binds are
    compared with ACCESS elsewhere."""
    for place, rule in enumerate(rules):
        before, after = rules[:place], rules[place + 1 :]
        if after:
            yield Mutant(f"{rule.id} dropped", (*before, *after))
            yield Mutant(f"{rule.id} turned round", (*before, _turned(rule), *after))
        if rule.holds is not always:
            yield Mutant(f"{rule.id} always", (*before, replace(rule, holds=always), *after))


def _turned(rule: Rule) -> Rule:
    holds = rule.holds
    return replace(rule, holds=lambda question: not holds(question))

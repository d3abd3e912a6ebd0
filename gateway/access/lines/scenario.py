"""One line of `gateway grid decide --jsonl` → a decision, strictly (ACCESS section 2).

An unknown key at any level, a wrong type, a value outside a list, a missing required key or a
date that does not exist is not a scenario: the answer is X00.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from gateway.access.decide import MALFORMED, decide
from gateway.access.grid import Grid, GridError, cell_of
from gateway.access.lines.facts import circumstances_of, document_of, reader_of, record_of
from gateway.access.lines.fields import (
    NotAScenarioError,
    instant,
    member,
    required,
    table,
)
from gateway.access.lines.switches import switches_of
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Circumstances,
    Decision,
    DocumentFacts,
    Reader,
    RecordFacts,
)
from gateway.records.readers.switches import Switches

MAX_LINE_BYTES = 1_000_000
RECORD_BY_DEFAULT = RecordFacts()
SWITCHES_BY_DEFAULT = Switches()
ACTIONS = {action.value: action for action in AccessAction}
IGNORED = ("id", "title", "covers", "expect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The arguments of `decide`; `grid` is None to use the grid in force."""

    now: datetime
    action: AccessAction
    reader: Reader
    document: DocumentFacts | None = None
    record: RecordFacts = RECORD_BY_DEFAULT
    circumstances: Circumstances = NORMAL
    switches: Switches = SWITCHES_BY_DEFAULT
    grid: Grid | None = None

    def decide(self, grid: Grid) -> Decision:
        """The answer under the scenario's own grid, else under this one."""
        return decide(
            self.reader,
            self.action,
            self.document,
            self.record,
            self.circumstances,
            self.switches,
            grid if self.grid is None else self.grid,
            self.now,
        )


def _grid(value: object) -> Grid:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise NotAScenarioError("grid is a list of rows")
    try:
        return Grid(cell_of(row) for row in value)
    except GridError as error:
        raise NotAScenarioError(str(error)) from error


READERS: Mapping[str, Callable[[object], object]] = {
    "now": instant,
    "action": lambda value: member(value, ACTIONS),
    "reader": reader_of,
    "document": document_of,
    "record": record_of,
    "circumstances": circumstances_of,
    "settings": switches_of,
    "grid": _grid,
}


def parse(line: bytes) -> Scenario:
    """Raises NotAScenarioError; its text names the key, never its value."""
    if len(line) > MAX_LINE_BYTES:
        raise NotAScenarioError(f"a line is larger than {MAX_LINE_BYTES} bytes")
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise NotAScenarioError("a line is not one JSON object") from error
    fields = table(value, READERS, ignored=IGNORED)
    required(fields, "now", "action", "reader")
    if "settings" in fields:
        fields["switches"] = fields.pop("settings")
    return Scenario(**fields)


def decide_line(line: bytes, grid: Grid) -> Decision:
    """The decision of one line; X00 where it cannot be read."""
    try:
        scenario = parse(line)
    except NotAScenarioError:
        return MALFORMED
    return scenario.decide(grid)

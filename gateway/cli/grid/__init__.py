"""`gateway grid`: the access grid in force, its faults, and what access decides and why.

`decide --jsonl` needs no configuration and answers each line as it reads it (ACCESS section 9).
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

from gateway.access.decide import DECISIONS, MALFORMED
from gateway.access.grid import Grid
from gateway.access.grid_check import check, differences, shares
from gateway.access.grid_words import in_words, summary
from gateway.access.lines.fields import NotAScenarioError
from gateway.access.lines.scenario import MAX_LINE_BYTES, parse
from gateway.access.professions import profession_name, professions
from gateway.cli.grid.explain import add_explain_options, run_explain
from gateway.cli.grid.in_force import add_grid, in_force, load_grid
from gateway.cli.opening import Opened, add_place, with_store
from gateway.clock import SystemClock
from gateway.mapping.labels import display_of, type_known
from gateway.records.readers.access import Decision

FINE, FINDINGS, BAD_USAGE, COULD_NOT_RUN = 0, 1, 2, 3
MAX_REMARKS = 1_000


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """`grid` and its four verbs; each sets `run`."""
    grid = subparsers.add_parser("grid", help="the access grid and its decisions")
    verbs = grid.add_subparsers(required=True, metavar="VERB")

    decide = verbs.add_parser("decide", help="decisions on standard input")
    decide.add_argument("--jsonl", action="store_true", required=True, help="one scenario a line")
    decide.add_argument("--grid", metavar="FILE", help="instead of the grid of the product")
    decide.set_defaults(run=run_decide)

    show = verbs.add_parser("show", help="version, shares and columns of the grid")
    show.add_argument("--profession", metavar="CODE", help="the types of one column")
    add_grid(show)
    show.set_defaults(run=run_show)

    checked = verbs.add_parser("check", help="missing, unknown and contradictory cells")
    checked.add_argument("--against", metavar="FILE", help="another version: what it changes")
    add_grid(checked)
    checked.set_defaults(run=run_check)

    kept = verbs.add_parser("versions", help="the grids that were in force here, newest first")
    kept.add_argument("--write", nargs=2, metavar=("DIGEST", "FILE"), help="one of them as a file")
    add_place(kept)
    kept.set_defaults(run=lambda arguments: with_store(arguments, run_versions))

    explain = verbs.add_parser("explain", help="one decision with its rule and its source")
    add_explain_options(explain)
    add_grid(explain)
    explain.set_defaults(run=run_explain)


def run_decide(arguments: argparse.Namespace) -> int:
    """One answer for each line of standard input, in its order; 3 without a grid or an input."""
    grid = load_grid(arguments.grid and Path(arguments.grid))
    if grid is None:
        return COULD_NOT_RUN
    if sys.stdin is None:
        print("grid: standard input is closed: there is nothing to decide on", file=sys.stderr)
        return COULD_NOT_RUN
    answer_lines(sys.stdin.buffer, sys.stdout.buffer, grid)
    return FINE


def _written(decision: Decision, **more: str) -> bytes:
    answer = {"permitted": decision.permitted, "rule": decision.rule, "because": decision.because}
    return json.dumps(answer | more, ensure_ascii=False).encode() + b"\n"


ANSWERS = {one.rule: _written(one) for one in (MALFORMED, *DECISIONS.values())}


def answer_lines(source: BinaryIO, sink: BinaryIO, grid: Grid) -> None:
    """Reads bounded lines and answers each before it reads the next."""
    while line := source.readline(MAX_LINE_BYTES + 1):
        whole = line
        while len(whole) > MAX_LINE_BYTES and not whole.endswith(b"\n"):
            whole = source.readline(MAX_LINE_BYTES + 1) or b"\n"
        sink.write(_answer(line.rstrip(b"\r\n"), grid))
        sink.flush()


def _answer(line: bytes, grid: Grid) -> bytes:
    """The decision in words; of a line that is no scenario also what to fix in it."""
    try:
        return ANSWERS[parse(line).decide(grid).rule]
    except NotAScenarioError as error:
        return _written(MALFORMED, unreadable=str(error))


async def run_versions(opened: Opened, arguments: argparse.Namespace) -> int:
    """Since when which file decided; `--write` gives it back for `explain --grid FILE --at …`."""
    if arguments.write is None:
        for version in await opened.store.grids.versions():
            print(f"{version.since:%Y-%m-%dT%H:%M:%SZ}\t{version.digest}")
        return FINE
    digest, file = arguments.write
    content = await opened.store.grids.content(digest)
    if content is None:
        print(f"grid: no one grid whose digest begins with {digest}", file=sys.stderr)
        return FINDINGS
    await asyncio.to_thread(Path(file).write_bytes, content)
    return FINE


def run_show(arguments: argparse.Namespace) -> int:
    found = in_force(arguments)
    if isinstance(found, int):
        return found
    grid = found.grid
    print(found.said)
    if arguments.profession is not None:
        return _show_column(grid, arguments.profession)
    cells = list(grid)
    print(f"sha256 {grid.digest}")
    print(f"{len(cells)} cells, {len(grid.professions())} columns")
    for status, count in shares(grid).most_common():
        print(f"{status}: {count} ({count / len(cells):.1%})")
    for code in grid.professions():
        permitted = sum(cell.permits for cell in cells if cell.profession == code)
        print(f"{code}\t{permitted}\t{profession_name(code)}")
    return FINE


def _show_column(grid: Grid, code: str) -> int:
    cells = sorted(
        (cell for cell in grid if cell.profession == code), key=lambda cell: cell.type_code
    )
    if not cells:
        print(f"grid: no column {code}", file=sys.stderr)
        return FINDINGS
    for cell in cells:
        until = cell.valid_to.isoformat() if cell.valid_to else ""
        since = cell.valid_from.isoformat() if cell.valid_from else ""
        answer = "Y" if cell.permits else "N"
        print(f"{cell.type_code}\t{answer}\t{since}\t{until}\t{cell.status}\t{cell.source}")
    return FINE


def run_check(arguments: argparse.Namespace) -> int:
    """1 when a cell has a fault, 2 for a file that is no grid; differences are no fault."""
    found = in_force(arguments)
    if isinstance(found, int):
        return found
    print(found.said)
    faults = 0
    for remark in check(found.grid, professions=professions(), is_known_type=type_known):
        faults += 1
        if faults <= MAX_REMARKS:
            print(f"{remark.code}\t{remark.where}\t{remark.message}")
    print(f"{faults} faults", file=sys.stderr)
    if arguments.against is not None and not _compare(found.grid, Path(arguments.against)):
        return BAD_USAGE
    return FINDINGS if faults else FINE


def _compare(grid: Grid, path: Path) -> bool:
    """What the other version changes, a line a cell, then how many a profession gains and loses."""
    other = load_grid(path)
    if other is None:
        return False
    changes = differences(grid, other, SystemClock().now())
    for change in changes:
        print(in_words(change, profession_name(change.profession), display_of(change.type_code)))
    for line in summary(changes):
        print(line, file=sys.stderr)
    return True

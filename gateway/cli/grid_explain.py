"""`gateway grid explain`: one decision in words, with its rule, source and the cell's status."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from gateway.access.decide import BY_ID, decide
from gateway.access.grid import Grid
from gateway.access.professions import profession_name
from gateway.access.question import Question, columns
from gateway.clock import SystemClock
from gateway.records.access import (
    AccessAction,
    CareConsent,
    Circumstances,
    Decision,
    DocumentFacts,
    EmergencyChoice,
    Mode,
    Reader,
    ReaderKind,
    RecordFacts,
    Switches,
)

PROFESSIONAL_ID = "explained"
BAD_USAGE, COULD_NOT_RUN = 2, 3


def add_explain_parser(
    parser: argparse.ArgumentParser, load: Callable[[str | None], Grid | None]
) -> Callable[[argparse.Namespace], int]:
    """Adds the options; returns the function to run."""
    parser.add_argument("--profession", required=True, metavar="CODE", help="G15_10")
    parser.add_argument("--type", required=True, metavar="CODE", help="11502-2")
    parser.add_argument("--activity", metavar="CODE", help="GENR08")
    parser.add_argument("--function", metavar="CODE", help="FON-29")
    parser.add_argument("--action", default="open", choices=("list", "search", "open"))
    parser.add_argument("--mode", default="normal", choices=[mode.value for mode in Mode])
    parser.add_argument("--reason", default="explained", help="of an emergency")
    parser.add_argument("--no-consent", action="store_true", help="the patient gave none")
    parser.add_argument("--masked", action="store_true", help="the document is masked")
    parser.add_argument("--emergency-masked", action="store_true", help="E5 of the patient is on")
    parser.add_argument("--at", metavar="INSTANT", help="2026-03-15T10:00:00Z; default: now")

    def run(arguments: argparse.Namespace) -> int:
        now = _instant(arguments.at)
        if now is None:
            print("explain: --at is an instant with a time zone", file=sys.stderr)
            return BAD_USAGE
        grid = load(arguments.grid)
        if grid is None:
            return COULD_NOT_RUN
        print("\n".join(explained(question_of(arguments, grid, now))))
        return 0

    return run


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return SystemClock().now()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else None


def question_of(arguments: argparse.Namespace, grid: Grid, now: datetime) -> Question:
    """A professional in charge before an active record, as the options say."""
    consent = CareConsent(id=PROFESSIONAL_ID, to="professional")
    return Question(
        Reader(
            kind=ReaderKind.PROFESSIONAL,
            id=PROFESSIONAL_ID,
            profession=arguments.profession,
            activity=arguments.activity,
            function=arguments.function,
            centre15=arguments.mode == Mode.SAMU,
        ),
        AccessAction(arguments.action),
        DocumentFacts(
            type=arguments.type,
            codes=("N", "MASQUE_PS") if arguments.masked else ("N",),
            deposited=now - timedelta(days=1),
        ),
        RecordFacts(
            consents=() if arguments.no_consent else (consent,),
            emergency=EmergencyChoice(masked=arguments.emergency_masked),
        ),
        Circumstances(mode=Mode(arguments.mode), reason=arguments.reason),
        Switches(),
        grid,
        now,
    )


def explained(question: Question) -> Sequence[str]:
    """The decision, its words and source, then each cell that was asked."""
    decision: Decision = decide(*question)
    source = BY_ID[decision.rule].source if decision.rule in BY_ID else "ACCESS section 2"
    lines = [
        f"{'permitted' if decision.permitted else 'refused'} by {decision.rule}",
        decision.because,
        f"source: {source}",
    ]
    for column in columns(question.reader):
        lines.append(f"column {column}: {profession_name(column)}")
        lines.extend(_cells(question, column))
    return lines


def _cells(question: Question, column: str) -> list[str]:
    kind = question.document.type if question.document else ""
    cells = question.grid.cells(column, kind, question.now)
    if not cells:
        return [f"  {kind}: no cell, which refuses"]
    return [
        f"  {kind}: {'Y' if cell.permits else 'N'} ({cell.status or 'no status'}, {cell.source})"
        for cell in cells
    ]

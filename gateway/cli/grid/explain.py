"""`gateway grid explain`: one decision in words, with its rule, source and the cell's status."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from gateway.access.decide import BY_ID, decide
from gateway.access.professions import profession_name, professions
from gateway.access.question import ROLE_ONLY, Question, columns
from gateway.cli.grid.in_force import InForce, in_force
from gateway.clock import SystemClock
from gateway.records.readers.access import (
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
)

PROFESSIONAL_ID = "explained"
BAD_USAGE = 2


def add_explain_options(parser: argparse.ArgumentParser) -> None:
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


def run_explain(arguments: argparse.Namespace) -> int:
    """0 with the decision, 2 for what is typed wrong, or a file that is no grid."""
    now = _instant(arguments.at)
    if now is None:
        print("explain: --at is an instant with a time zone", file=sys.stderr)
        return BAD_USAGE
    found = in_force(arguments)
    if isinstance(found, int):
        return found
    code = arguments.profession
    if code not in {*professions(), *found.grid.professions(), ROLE_ONLY}:
        print(f"explain: unknown profession {code}: gateway grid show lists them", file=sys.stderr)
        return BAD_USAGE
    print("\n".join([found.said, *explained(question_of(arguments, found, now))]))
    return 0


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return SystemClock().now()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else None


def question_of(arguments: argparse.Namespace, found: InForce, now: datetime) -> Question:
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
        found.switches,
        found.grid,
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

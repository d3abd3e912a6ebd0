"""`gateway person deceased`: deaths that the caisse tells, one or a list, and a mistake."""

import argparse
import csv
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gateway.cli.identity.acts import OIDS
from gateway.cli.opening import FINDINGS, FINE, Opened, UsageError, add_place, with_store
from gateway.errors import RefusedError

if TYPE_CHECKING:
    from gateway.flows.family.death import RecordDeath
    from gateway.records.patients.patient import PatientKey

COLUMNS = ["ins", "deceased_on"]


class Line(NamedTuple):
    """Of a list: its number counts from 1, the header's."""

    number: int
    ins: str
    day: str


def add_deceased(acts: "argparse._SubParsersAction[Any]") -> None:
    parser = acts.add_parser("deceased", help="the death of a person, or of those of a list")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--list", type=Path, metavar="FILE", help="CSV: ins;deceased_on")
    who.add_argument("--ins", metavar="INS", help="15 characters, key included")
    parser.add_argument("--on", metavar="DATE", help="with --ins: 2026-05-20")
    parser.add_argument("--mistake", action="store_true", help="with --ins: the person lives")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
    parser.add_argument("--oid", metavar="OID", help="of each INS; default: that of the NIR")
    add_place(parser)
    parser.set_defaults(run=lambda arguments: with_store(arguments, _deceased))


async def _deceased(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.family.death import RecordDeath

    flow = RecordDeath(people=opened.store.people, clock=opened.clock)
    oid = arguments.oid or OIDS[opened.settings.profile]
    name, by, reason = opened.store.keys.patient_key, arguments.by, arguments.reason
    if arguments.list is not None:
        return await _listed(flow, arguments, lambda ins: name(oid, ins))
    patient = name(oid, arguments.ins)
    if arguments.mistake:
        await flow.mistaken(patient, by=by, reason=reason)
        print("taken back: the person signs in as before")
        return FINE
    if not arguments.on:
        raise UsageError("--on is needed with --ins")
    new = await flow(patient, _day(arguments.on), by=by, reason=reason)
    print("recorded: login, notices and applications stop" if new else "recorded before")
    return FINE


async def _listed(flow: "RecordDeath", arguments: argparse.Namespace, name: Any) -> int:
    counts = {"recorded": 0, "recorded before": 0, "refused": 0}
    for line in read_list(arguments.list):
        patient: PatientKey = name(line.ins)
        try:
            day = _day(line.day)
            new = await flow(patient, day, by=arguments.by, reason=arguments.reason)
        except (RefusedError, UsageError) as error:
            counts["refused"] += 1
            print(f"line {line.number}: {error}", file=sys.stderr)
        else:
            counts["recorded" if new else "recorded before"] += 1
    print(", ".join(f"{said}: {count}" for said, count in counts.items()))
    return FINDINGS if counts["refused"] else FINE


def read_list(path: Path) -> Iterator[Line]:
    """Raises UsageError for a file that is no such list, and OSError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=";", strict=True)
            if [one.strip().lower() for one in next(rows, [])] != COLUMNS:
                raise UsageError(f"line 1: the header is {';'.join(COLUMNS)}")
            for row in rows:
                if not row:
                    continue
                ins, day = (*(one.strip() for one in row), "", "")[:2]
                yield Line(rows.line_num, ins, day if len(row) == len(COLUMNS) else "")
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path.name} is no CSV in UTF-8: {error}") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text[:20]!r} is no day of the calendar, as 2026-05-20") from None

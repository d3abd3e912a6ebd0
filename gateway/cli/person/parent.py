"""`gateway person parent`: who stands for a child, proposed on papers and confirmed by another."""

import argparse
import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.identity.acts import OIDS
from gateway.cli.opening import FINE, Opened, UsageError, add_place, with_store
from gateway.cli.traced import login_here

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.flows.family.recording import RecordAuthority, Who
    from gateway.records.patients.account import NewTrace
    from gateway.records.patients.patient import PatientKey

PAPERS = ("family-record-book", "birth-certificate", "judgment")
WANTED = ("paper", "paper_date", "paper_file", "reason")


def add_parent(acts: "argparse._SubParsersAction[Any]") -> None:
    parser = acts.add_parser("parent", help="who stands for a child; takes two people")
    parser.add_argument("--ins", required=True, metavar="INS", help="of the child")
    parser.add_argument("--parent", required=True, metavar="INS", help="of the parent")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
    parser.add_argument("--confirm", action="store_true", help="the second person's word")
    parser.add_argument("--paper", choices=PAPERS, help="what says so, signed by the parent")
    parser.add_argument("--paper-date", metavar="DATE", help="2016-05-20")
    parser.add_argument("--paper-file", type=Path, metavar="FILE", help="its hash alone is kept")
    parser.add_argument("--reason", metavar="TEXT", help="why; traced")
    parser.add_argument("--oid", metavar="OID", help="of both INS; default: that of the NIR")
    add_place(parser)
    parser.set_defaults(run=lambda arguments: with_store(arguments, _parent))


async def _parent(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.family.recording import Authority, RecordAuthority

    store, oid = opened.store, arguments.oid or OIDS[opened.settings.profile]
    people, them = store.people, store.activations
    flow = RecordAuthority(people=people, representatives=them, clock=opened.clock)
    who = _who(arguments.by, login_here())
    child = store.keys.patient_key(oid, arguments.ins)
    parent = store.keys.patient_key(oid, arguments.parent)
    if arguments.confirm:
        await flow.confirm(child, Authority.PARENT, parent, who)
        print("confirmed: the parent sees the child's space, which is active")
        return FINE
    await _propose(flow, child, parent, who, arguments)
    print("proposed: somebody else says the same with --confirm within 30 days")
    return FINE


async def _propose(
    flow: "RecordAuthority",
    child: "PatientKey",
    parent: "PatientKey",
    who: "Who",
    arguments: argparse.Namespace,
) -> None:
    from gateway.flows.family.recording import Authority, Paper, PaperKind

    missing = [name for name in WANTED if not getattr(arguments, name)]
    if missing:
        raise UsageError(f"--{missing[0].replace('_', '-')} is needed to propose a parent")
    try:
        day = date.fromisoformat(arguments.paper_date)
    except ValueError:
        raise UsageError("--paper-date is a day of the calendar, as 2016-05-20") from None
    sha256 = hashlib.sha256(arguments.paper_file.read_bytes()).hexdigest()
    paper = Paper(kind=PaperKind(arguments.paper), day=day, sha256=sha256)
    await flow.propose(child, Authority.PARENT, parent, paper, who, reason=arguments.reason)


def _who(by: str, login: str) -> "Who":
    """As the log has somebody who typed a command: `login` is the account that did."""
    from gateway.flows.desk.command import typed_entry
    from gateway.flows.family.recording import RULE, Who

    def entry(patient: "PatientKey", act: str, said: "Mapping[str, object]") -> "NewTrace":
        return typed_entry(patient, act, rule=RULE, by=by, said={**said, "login": login})

    return Who(by=by, entry=entry)

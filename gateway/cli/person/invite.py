"""`gateway person invite`: people of a list are invited, line by line; `bounced`: by letter then.

A line that is wrong is named and passed over, the others are invited. The same list may be given
again: who was invited, or chose, is left alone. The messages leave from the daemon.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.identity.acts import OIDS
from gateway.cli.opening import FINDINGS, FINE, Opened, UsageError, add_place, with_store

if TYPE_CHECKING:
    from gateway.cli.person.listed import Line
    from gateway.flows.inviting.invite import Invite

AT_ONCE = 20
"""Lines whose commits are shared. Then the daemon beside has as long for its own: a file of SQLite
has one writer, which does not ask who waited."""
LONGEST_PAUSE_SECONDS = 1.0
REFUSED = "refused"


def add_invite(acts: "argparse._SubParsersAction[Any]") -> None:
    parser = acts.add_parser("invite", help="invites the people of a list to their spaces")
    parser.add_argument(
        "--list", required=True, type=Path, metavar="FILE", help="CSV; see people.md"
    )
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
    parser.add_argument("--dry-run", action="store_true", help="says what it would do, no more")
    parser.add_argument("--oid", metavar="OID", help="of each INS; default: that of the NIR")
    add_place(parser)
    parser.set_defaults(run=lambda arguments: with_store(arguments, _invite))


def add_bounced(acts: "argparse._SubParsersAction[Any]") -> None:
    parser = acts.add_parser("bounced", help="an invitation by e-mail came back: a letter follows")
    parser.add_argument("--ins", required=True, metavar="INS", help="15 characters, key included")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
    parser.add_argument("--oid", metavar="OID", help="of the INS; default: that of the NIR")
    add_place(parser)
    parser.set_defaults(run=lambda arguments: with_store(arguments, _bounced))


async def _bounced(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.inviting.bounce import Bounced

    store = opened.store
    flow = Bounced(people=store.people, invitations=store.invitations, clock=opened.clock)
    oid = arguments.oid or OIDS[opened.settings.profile]
    patient = store.keys.patient_key(oid, arguments.ins)
    await flow(patient, by=arguments.by, reason=arguments.reason)
    print("a letter follows, with a new code and a new window")
    return FINE


async def _invite(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.cli.person.listed import NoListError, read_list
    from gateway.flows.inviting.invite import Invite

    store, profile = opened.store, opened.settings.profile
    flow = Invite(
        people=store.people,
        invitations=store.invitations,
        names=store.keys,
        clock=opened.clock,
        profile=profile,
    )
    counts = Counter[str]()
    lines = read_list(arguments.list, arguments.oid or OIDS[profile])
    try:
        while some := list(islice(lines, AT_ONCE)):
            began = opened.clock.monotonic()
            done = [_one(flow, line, arguments) for line in some]
            for line, (outcome, wrong) in zip(some, await asyncio.gather(*done), strict=True):
                counts[outcome] += 1
                if wrong:
                    print(f"line {line.number}: {wrong}", file=sys.stderr)
            await asyncio.sleep(min(opened.clock.monotonic() - began, LONGEST_PAUSE_SECONDS))
    except NoListError as error:
        raise UsageError(str(error)) from error
    print(_said(counts, dry=arguments.dry_run))
    return FINDINGS if counts[REFUSED] else FINE


async def _one(flow: "Invite", line: "Line", arguments: argparse.Namespace) -> tuple[str, str]:
    """What came of the line, and what is wrong with it."""
    from gateway.errors import RefusedError

    if line.listed is None:
        return REFUSED, line.wrong
    try:
        if arguments.dry_run:
            state = await flow.would(line.listed)
        else:
            state = await flow(line.listed, by=arguments.by, reason=arguments.reason)
    except RefusedError as error:
        return REFUSED, str(error)
    return ("", "") if state is None else (state.value, "")


def _said(counts: Counter[str], *, dry: bool) -> str:
    return "\n".join(_lines(counts, dry=dry))


def _lines(counts: Counter[str], *, dry: bool) -> Iterator[str]:
    yield f"{'would be invited' if dry else 'invited'}: {counts['']}"
    left = {name: count for name, count in sorted(counts.items()) if name not in ("", REFUSED)}
    told = ", ".join(f"{name} {count}" for name, count in left.items())
    yield f"left as they are: {sum(left.values())}{f' ({told})' if told else ''}"
    yield f"refused: {counts[REFUSED]}"

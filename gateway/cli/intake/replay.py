"""`gateway replay`: today's understanding of stored bytes, and what it changes.

Differences are told in words and codes; what names a person is only absent, present or changed.
"""

import argparse
import sys
from typing import TYPE_CHECKING, Any

import orjson

from gateway.cli.opening import (
    FINDINGS,
    FINE,
    Opened,
    add_place,
    with_store,
)
from gateway.cli.traced import act, add_by
from gateway.errors import RefusedError
from gateway.records.intake.finding import Verdict

if TYPE_CHECKING:
    from gateway.flows.replay import Replay


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("replay", help="understand stored bytes again")
    parser.add_argument("receipts", nargs="+", metavar="RECEIPT")
    parser.add_argument("--dry-run", action="store_true", help="only print what would change")
    parser.add_argument("--json", action="store_true", help="one JSON object a receipt")
    add_by(parser)
    add_place(parser)
    parser.set_defaults(run=lambda arguments: with_store(arguments, _replay))


async def _replay(opened: Opened, arguments: argparse.Namespace) -> int:
    """1 when a receipt is unknown or still held, or a dry run finds a difference."""
    status = FINE
    for name in arguments.receipts:
        try:
            found = await _one(opened, name, arguments)
        except RefusedError as error:
            print(error, file=sys.stderr)
            status = FINDINGS
            continue
        print(orjson.dumps(_json(found)).decode() if arguments.json else _words(found))
        if (arguments.dry_run and found.differences) or _still_out(found):
            status = FINDINGS
    return status


async def _one(opened: Opened, name: str, arguments: argparse.Namespace) -> "Replay":
    from gateway.daemon.rooms.identities import replay_of
    from gateway.flows.replay import REPLAYED

    flow = replay_of(opened)
    if arguments.dry_run:
        return await flow.compare(name)
    return await flow(name, told=lambda _: act(arguments, REPLAYED, receipt=name))


def _still_out(found: "Replay") -> bool:
    return found.answer is not None and found.answer.verdict is not Verdict.ACCEPT


def _words(found: "Replay") -> str:
    lines = [f"{found.receipt}: {_outcome(found)}"]
    lines += [f"    {one}" for one in found.differences]
    lines += [f"    relabelled {identifier}" for identifier in found.relabelled]
    return "\n".join(lines)


def _outcome(found: "Replay") -> str:
    if found.answer is not None:
        codes = " ".join(one.code for one in found.answer.findings)
        return f"judged again: {found.answer.verdict} {codes}".rstrip()
    if not found.differences:
        return "understood as before"
    kept = ", kept beside the first" if found.kept else ""
    return f"{len(found.differences)} differences{kept}"


def _json(found: "Replay") -> dict[str, Any]:
    return {
        "receipt": found.receipt,
        "stored": found.before.value,
        "understood": found.after.value,
        "differences": [
            {"what": one.what, "before": one.before, "after": one.after}
            for one in found.differences
        ],
        "relabelled": list(found.relabelled),
        "kept": found.kept,
        "verdict": found.answer.verdict.value if found.answer else None,
    }

"""`gateway identity merges` and `unmerge`: what ADT messages joined, and how it comes apart."""

import argparse
from typing import Any

import orjson

from gateway.cli.opening import FINE, Opened, add_place, with_store
from gateway.records.patients.index import Merge

MAX_MERGES = 1_000


def add_parsers(acts: "argparse._SubParsersAction[Any]") -> None:
    listed = acts.add_parser("merges", help="every merge of identities, newest first")
    listed.set_defaults(run=lambda arguments: with_store(arguments, _merges))
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    undo = acts.add_parser("unmerge", help="take one merge back, documents and all")
    undo.set_defaults(run=lambda arguments: with_store(arguments, _unmerge))
    undo.add_argument("merge", metavar="MERGE", help="as identity merges prints it")
    undo.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
    undo.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
    for one in (listed, undo):
        add_place(one)


async def _merges(opened: Opened, arguments: argparse.Namespace) -> int:
    for one in await opened.store.merges.list(limit=MAX_MERGES):
        if arguments.json:
            print(orjson.dumps(_json(one)).decode())
        else:
            state = f"undone {one.undone_at:%Y-%m-%d %H:%M}" if one.undone_at else "in force"
            words = (one.id, f"{one.at:%Y-%m-%d %H:%M}", one.event, one.sender, one.receipt)
            print("\t".join((*words, f"{one.documents} documents", state)))
    return FINE


async def _unmerge(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.identity.decide import Unmerge

    flow = Unmerge(merges=opened.store.merges, clock=opened.clock)
    merge = await flow(arguments.merge, by=arguments.by.strip(), reason=arguments.reason)
    print(f"{merge.id}\tundone\t{merge.documents} documents")
    return FINE


def _json(merge: Merge) -> dict[str, Any]:
    return {
        "merge": merge.id,
        "at": f"{merge.at:%Y-%m-%dT%H:%M:%SZ}",
        "event": merge.event,
        "sender": merge.sender,
        "receipt": merge.receipt,
        "documents": merge.documents,
        "undone_at": f"{merge.undone_at:%Y-%m-%dT%H:%M:%SZ}" if merge.undone_at else None,
    }

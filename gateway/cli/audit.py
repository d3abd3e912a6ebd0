"""`gateway audit`: checks the access log against its transparency log, and proves one entry.

Entry 1 is leaf 0 of the RFC 6962 tree. A proof is checked without this gateway, by the root.
"""

import argparse
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag

from gateway.audit.merkle import inclusion_proof, root
from gateway.audit.verify import included
from gateway.cli.opening import FINDINGS, FINE, Opened, UsageError, add_place, with_store
from gateway.errors import RefusedError

PAGE = 1_000


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("audit", help="check the access log, prove an entry of it")
    acts = parser.add_subparsers(required=True, metavar="verify|prove")
    verify = acts.add_parser("verify", help="every entry makes the leaf beside it")
    verify.add_argument("--size", type=int, metavar="N", help="entries of a head noted earlier")
    verify.add_argument("--root", metavar="HEX", help="the root of that head")
    verify.set_defaults(run=lambda arguments: with_store(arguments, _verify))
    prove = acts.add_parser("prove", help="an inclusion proof as JSON")
    prove.add_argument("entry", type=int, metavar="ENTRY")
    prove.set_defaults(run=lambda arguments: with_store(arguments, _prove))
    for one in (verify, prove):
        add_place(one)


async def _verify(opened: Opened, arguments: argparse.Namespace) -> int:
    """1 when an entry is altered or missing, or the log does not continue the head given.

    Entries of an erased person cannot be read any more; their leaves still count.
    """
    if (arguments.size is None) != (arguments.root is None):
        raise UsageError("--size and --root go together: they are one head of the log")
    given_out = await _numbers_given_out(opened)
    leaves = await opened.store.traces.leaves()
    faults = [f"entry {number} is altered" for number in sorted(await _altered(opened, given_out))]
    if len(leaves) < given_out:
        faults.append(f"{given_out - len(leaves)} entries are missing")
    if arguments.root and root(leaves[: arguments.size]).hex() != arguments.root.lower():
        faults.append(f"the first {arguments.size} entries are not those of the root given")
    for fault in faults:
        print(fault)
    print(f"size {len(leaves)}, root {root(leaves).hex()}, {len(faults)} faults")
    return FINDINGS if faults else FINE


async def _numbers_given_out(opened: Opened) -> int:
    from gateway.store.statements import current_number
    from gateway.store.traces import COUNTER

    return await opened.store.database.read(lambda reading: current_number(reading, COUNTER))


async def _altered(opened: Opened, size: int) -> set[int]:
    """Page by page; a page with a value that cannot be unsealed, entry by entry."""
    traces = opened.store.traces
    wrong: set[int] = set()
    for since in range(1, size + 1, PAGE):
        try:
            wrong |= set(await traces.mismatches(since=since, limit=PAGE))
        except InvalidTag:
            for number in range(since, since + PAGE):
                wrong |= await _one_altered(opened, number)
    return wrong


async def _one_altered(opened: Opened, number: int) -> set[int]:
    try:
        found = await opened.store.traces.mismatches(since=number, limit=1)
    except InvalidTag:
        return {number}
    return {one for one in found if one == number}


async def _prove(opened: Opened, arguments: argparse.Namespace) -> int:
    leaves = await opened.store.traces.leaves()
    index: int = arguments.entry - 1
    if not 0 <= index < len(leaves):
        raise RefusedError(f"there is no entry {arguments.entry}: the log has {len(leaves)}")
    head = root(leaves)
    proof = inclusion_proof(index, leaves)
    print(
        orjson.dumps(
            {
                "entry": arguments.entry,
                "index": index,
                "size": len(leaves),
                "leaf": leaves[index].hex(),
                "proof": [one.hex() for one in proof],
                "root": head.hex(),
            }
        ).decode()
    )
    return FINE if included(leaves[index], index, len(leaves), proof, head) else FINDINGS

"""`gateway pack`: what a receipt filed, as an IHE_XDM archive. Every document of it is traced."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from gateway.cli.opening import (
    BAD_USAGE,
    FINDINGS,
    FINE,
    Opened,
    add_place,
    again_of,
    who_asks,
    with_store,
)
from gateway.records.intake.finding import Severity


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("pack", help="write a stored submission as an IHE_XDM archive")
    parser.add_argument("receipt", metavar="RECEIPT")
    parser.add_argument("--xdm", required=True, type=Path, metavar="FILE", help="a new file")
    parser.add_argument("--by", metavar="NAME", help="who asks; traced. Default: the login name")
    add_place(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 written, 1 with errors or nothing filed, 2 where the file exists, 3 cannot run."""
    if arguments.xdm.exists():
        print(f"{arguments.xdm} exists already and is kept", file=sys.stderr)
        return BAD_USAGE
    return with_store(arguments, _pack)


async def _pack(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.pack import Pack

    again, store = again_of(opened), opened.store
    flow = Pack(shelf=store.shelf, people=store.people, traces=store.traces, again=again)
    packed = await flow(arguments.receipt, by=who_asks(arguments))
    _write(arguments.xdm, packed.archive)
    many = "document" if packed.documents == 1 else "documents"
    print(f"{arguments.xdm}: {packed.documents} {many}, {len(packed.archive)} bytes")
    for one in packed.findings:
        print(f"{one.severity} {one.code} at {one.where}: {one.message}")
    return FINDINGS if any(one.severity is Severity.ERROR for one in packed.findings) else FINE


def _write(file: Path, archive: bytes) -> None:
    """A new file for its owner only: it holds health data in clear."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
        sink.write(archive)

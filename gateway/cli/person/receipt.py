"""`gateway person receipt`: the receipt of an erasure, again; it names nobody."""

import argparse
from typing import Any

from gateway.cli.identity.acts import OIDS
from gateway.cli.opening import FINE, Opened, UsageError, add_place, with_store


def add_receipt(acts: "argparse._SubParsersAction[Any]") -> None:
    parser = acts.add_parser("receipt", help="prints the receipt of an erasure again")
    parser.add_argument("number", nargs="?", metavar="NUMBER", help="that of the erasure")
    parser.add_argument("--ins", metavar="INS", help="instead: all erasures under this INS")
    parser.add_argument("--oid", metavar="OID", help="of the INS; default: that of the NIR")
    add_place(parser)
    parser.set_defaults(run=lambda arguments: with_store(arguments, _receipt))


async def _receipt(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.errors import RefusedError
    from gateway.flows.erasing.receipt import written

    if (arguments.number is None) == (arguments.ins is None):
        raise UsageError("say which: the number of the erasure, or --ins INS")
    erasures = opened.store.erasures
    if arguments.ins is not None:
        oid = arguments.oid or OIDS[opened.settings.profile]
        found = await erasures.receipts(opened.store.keys.patient_key(oid, arguments.ins))
    else:
        one = await erasures.receipt(arguments.number)
        found = [one] if one is not None else []
    if not found:
        raise RefusedError("there is no receipt of such an erasure here")
    print("\n\n".join(map(written, found)))
    return FINE

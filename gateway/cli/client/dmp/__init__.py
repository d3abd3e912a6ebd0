"""`gateway dmp`: reads at a DMP door, which `gateway send --to dmp+https://…` feeds."""

import argparse
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from gateway.cli.client.dmp.options import add_reading
from gateway.cli.opening import BAD_USAGE, UsageError


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("dmp", help="find and open documents at a DMP door")
    acts = parser.add_subparsers(required=True, metavar="ACT")
    found = acts.add_parser("find", help="list the documents of a patient (ITI-18)")
    found.add_argument("--archived", action="store_true", help="the archived ones too")
    got = acts.add_parser("get", help="fetch one document of a patient (ITI-43)")
    got.add_argument("unique_id", metavar="ID", help="its uniqueId, as find lists it")
    got.add_argument("--out", type=Path, metavar="FILE", help="a new file, else standard output")
    for one, act in ((found, "find"), (got, "get")):
        add_reading(one)
        one.set_defaults(run=run, act=act)


def run(arguments: argparse.Namespace) -> int:
    """0 answered, 1 refused or not there, 2 wrong address or file, 3 no connection."""
    from gateway.cli.client.dmp import reading
    from gateway.cli.client.dmp.software import patient_of, software_of
    from gateway.cli.client.target import attempted, check_options, target_of

    acts: dict[str, Callable[..., Coroutine[Any, Any, int]]]
    acts = {"find": reading.find, "get": reading.get}
    try:
        target = target_of(arguments.to)
        check_options(arguments, target)
        software, patient = software_of(arguments, target), patient_of(arguments.patient)
    except UsageError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    return attempted(arguments, acts[arguments.act](software, patient, arguments))

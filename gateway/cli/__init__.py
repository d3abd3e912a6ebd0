"""The words an operator types (CONTRACT section 1); each file is one command.

Exit status: 0 fine, 1 findings, 2 usage or configuration, 3 could not run.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable
from importlib import import_module

from gateway import __version__

MODULES = (
    "serve",
    "upkeep.init",
    "upkeep.check_config",
    "upkeep.migrate",
    "upkeep.key",
    "intake.inspect",
    "client.send",
    "client.dmp",
    "accounts.sender",
    "accounts.operator",
    "identity",
    "person",
    "accounts.professional",
    "task",
    "intake.pack",
    "intake.replay",
    "intake.label",
    "grid",
    "upkeep.backup",
    "audit",
)
COMMANDS = {module.rpartition(".")[2]: module for module in MODULES}
"""The module of each command, by its word."""


def parser_for(wanted: str | None) -> argparse.ArgumentParser:
    """The whole parser; only the wanted command's module is loaded when it is known."""
    parser = argparse.ArgumentParser(
        prog="gateway", description="HL7v2, CDA, FHIR and MSSanté gateway with a patient vault"
    )
    parser.add_argument("--version", action="version", version=f"gateway {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in [COMMANDS[wanted]] if wanted in COMMANDS else MODULES:
        import_module(f"gateway.cli.{module}").add_parser(subparsers)
    return parser


def _written(status: int) -> int:
    """What waits in the buffer is written now: at the interpreter's end nobody could catch that."""
    sys.stdout.flush()
    return status


def main(argv: list[str] | None = None) -> int:
    """Runs one command; never a traceback for a closed pipe, nor for a terminal without UTF-8."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    words = sys.argv[1:] if argv is None else argv
    first = words[0].replace("-", "_") if words else None
    arguments = parser_for("backup" if first == "restore" else first).parse_args(words)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return _written(run(arguments))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130

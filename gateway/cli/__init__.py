"""The words an operator types (CONTRACT section 1); each file is one command.

Exit status: 0 fine, 1 findings, 2 usage or configuration, 3 could not run.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

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


class Words(argparse.ArgumentParser):
    """A parser, of a command and of those below it, to which an empty word names no file."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.register("type", Path, named_path)


def named_path(text: str) -> Path:
    """`Path("")` is the folder one stands in, and an unset variable of a script would fill it."""
    if not text:
        raise argparse.ArgumentTypeError("an empty name is that of no file")
    return Path(text)


def parser_for(wanted: str | None) -> argparse.ArgumentParser:
    """The whole parser; only the wanted command's module is loaded when it is known."""
    parser = Words(
        prog="gateway", description="HL7v2, CDA, FHIR and MSSanté gateway with a patient vault"
    )
    parser.add_argument("--version", action="version", version=f"gateway {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in [COMMANDS[wanted]] if wanted in COMMANDS else MODULES:
        import_module(f"gateway.cli.{module}").add_parser(subparsers)
    return parser


def _run(words: list[str]) -> int:
    first = words[0].replace("-", "_") if words else None
    arguments = parser_for("backup" if first == "restore" else first).parse_args(words)
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


def _written(status: int) -> int:
    """What waits in the buffer is written now: at the interpreter's end nobody could catch that."""
    sys.stdout.flush()
    return status


def _streams() -> None:
    """Where a caller closed one (`>&-`), what is said goes nowhere: not into the file that is
    opened next, nor, what is meant for standard error, to standard output."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
            if name != "stdin":  # who reads it says that it is closed
                setattr(sys, name, os.fdopen(number, "w", encoding="utf-8"))


def main(argv: list[str] | None = None) -> int:
    """Runs one command; never a traceback for a pipe that is closed or a disk that is full, nor
    for a terminal without UTF-8."""
    _streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    words = sys.argv[1:] if argv is None else argv
    try:
        return _written(_run(words))
    except BrokenPipeError:
        _say_no_more()
        return 1
    except OSError as error:
        return _not_run(error)
    except KeyboardInterrupt:
        return 130


def _not_run(error: OSError) -> int:
    """What is printed could not be written, or a file of the command could not be read."""
    from gateway.cli.opening import COULD_NOT_RUN, cannot_run

    print(cannot_run(error), file=sys.stderr)
    _say_no_more()
    return COULD_NOT_RUN


def _say_no_more() -> None:
    """What cannot leave the buffer would fail once more, at the interpreter's end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""`conformance [COMMAND] …`: without a command it tries a gateway."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "gateway": "conformance.commands.gateway",
    "list": "conformance.commands.listing",
    "sender": "conformance.commands.sender",
    "verify": "conformance.verify.command",
}
"""A module is loaded when its word is said: a sender needs no cryptography."""
FINE, FINDINGS, USAGE, COULD_NOT_RUN, BROKEN_OFF = 0, 1, 2, 3, 130


def main(words: Sequence[str] | None = None) -> int:
    """0 all met, 1 something is not, 2 usage, 3 could not run, 130 broken off by Ctrl-C."""
    said = list(sys.argv[1:] if words is None else words)
    word = said.pop(0) if said and said[0] in COMMANDS else "gateway"
    command = import_module(COMMANDS[word])
    try:
        status = int(command.main(said))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return BROKEN_OFF
    except BrokenPipeError:  # who read has seen enough
        _say_no_more()
        return FINDINGS
    except OSError as error:
        print(f"conformance: {error}", file=sys.stderr)
        _say_no_more()
        return COULD_NOT_RUN
    return status


def _say_no_more() -> None:
    """What cannot leave the buffer would fail once more, at the interpreter's end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""`conformance [COMMAND] …`: without a command it tries a gateway."""

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
FINE, FINDINGS, USAGE, COULD_NOT_RUN = 0, 1, 2, 3


def main(words: Sequence[str] | None = None) -> int:
    """0 all met, 1 something is not, 2 usage, 3 could not run."""
    said = list(sys.argv[1:] if words is None else words)
    word = said.pop(0) if said and said[0] in COMMANDS else "gateway"
    command = import_module(COMMANDS[word])
    try:
        return int(command.main(said))
    except KeyboardInterrupt:
        return COULD_NOT_RUN
    except OSError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return COULD_NOT_RUN

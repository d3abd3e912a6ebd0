"""`conformance [COMMAND] …`: without a command it tries a gateway."""

import sys
from collections.abc import Callable, Sequence

from conformance.commands import gateway, listing, sender
from conformance.verify import command as verify

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "gateway": gateway.main,
    "list": listing.main,
    "sender": sender.main,
    "verify": verify.main,
}
FINE, FINDINGS, USAGE, COULD_NOT_RUN = 0, 1, 2, 3


def main(words: Sequence[str] | None = None) -> int:
    """0 all met, 1 something is not, 2 usage, 3 could not run."""
    said = list(sys.argv[1:] if words is None else words)
    command = COMMANDS[said.pop(0)] if said and said[0] in COMMANDS else gateway.main
    try:
        return command(said)
    except KeyboardInterrupt:
        return COULD_NOT_RUN
    except OSError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return COULD_NOT_RUN

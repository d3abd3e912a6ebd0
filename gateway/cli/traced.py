"""Who types a command that changes something, and the entry of the signed log that says so."""

import argparse
import getpass
from typing import TYPE_CHECKING

from gateway.cli.opening import who_asks

if TYPE_CHECKING:
    from gateway.records.patients.account import NewTrace
    from gateway.records.readers.access import Reader

DOOR = "command"


def add_by(*parsers: argparse.ArgumentParser) -> None:
    for one in parsers:
        one.add_argument("--by", metavar="NAME", help="who; traced. Default: the login name")


def login_here() -> str:
    """The account of the machine, kept beside the name that was typed; "" where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def agent_of(arguments: argparse.Namespace) -> "Reader":
    """Who types it, as the log names him. Raises UsageError for a login without a name."""
    from gateway.records.readers.access import Reader, ReaderKind

    return Reader(kind=ReaderKind.OPERATOR, id=who_asks(arguments), door=DOOR)


def act(arguments: argparse.Namespace, action: str, **details: object) -> "NewTrace":
    """For the commit that does it."""
    from gateway.flows.desk.agent import act_of

    return act_of(agent_of(arguments), action, details)

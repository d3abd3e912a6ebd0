"""`gateway sender`: who may deposit, and by what they are known. A token is printed once."""

import argparse
import hashlib
import re
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from gateway.cli.opening import Opened, add_place, with_store
from gateway.clock import SystemIds
from gateway.records.account import SenderAccount

if TYPE_CHECKING:
    from gateway.store.parties import DatabasePeople

FINGERPRINT = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("sender", help="add, list or disable a sender")
    parser.set_defaults(run=run)
    acts = parser.add_subparsers(required=True, metavar="add|list|disable")
    add = acts.add_parser("add", help="a new sender, or new credentials for a known one")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--organization", metavar="ID", help="FINESS or SIRET of its organisation")
    add.add_argument(
        "--fingerprint", metavar="SHA256", help="client certificate, hexadecimal; then no token"
    )
    add.add_argument(
        "--application",
        action="append",
        default=[],
        metavar="MSH-3",
        help="application that may send with this certificate; several: once each; none: any",
    )
    add.add_argument("--results-only", action="store_true", help="may send ORU with results only")
    add.add_argument(
        "--strict", action="store_true", help="warnings are errors, HL7v2 structures are validated"
    )
    add.set_defaults(act=_add)
    show = acts.add_parser("list", help="every sender, one a line")
    show.set_defaults(act=_list)
    disable = acts.add_parser("disable", help="turns a sender away from now on")
    disable.add_argument("name", metavar="NAME")
    disable.set_defaults(act=_disable)
    for one in (add, show, disable):
        add_place(one)


def run(arguments: argparse.Namespace) -> int:
    """0 done, 1 no such sender, 2 usage or configuration, 3 the database cannot be opened."""
    return with_store(arguments, _act)


async def _act(opened: Opened, arguments: argparse.Namespace) -> int:
    act: Callable[[DatabasePeople, argparse.Namespace], Awaitable[int]] = arguments.act
    return await act(opened.store.people, arguments)


async def _add(people: "DatabasePeople", arguments: argparse.Namespace) -> int:
    fingerprint = arguments.fingerprint and arguments.fingerprint.replace(":", "").lower()
    if not NAME.fullmatch(arguments.name):
        print("NAME is 1 to 64 letters, digits, dots, dashes, underscores", file=sys.stderr)
        return 2
    if fingerprint and not FINGERPRINT.fullmatch(fingerprint):
        print("--fingerprint is a SHA-256: 64 hexadecimal digits", file=sys.stderr)
        return 2
    token = None if fingerprint else SystemIds().secret()
    account = SenderAccount(
        name=arguments.name,
        organization=arguments.organization,
        token_hash=hashlib.sha256(token.encode()).digest() if token else None,
        certificate=fingerprint,
        results_only=arguments.results_only,
        strict=arguments.strict,
        applications=tuple(arguments.application),
    )
    await people.add_sender(account)
    print(f"token (shown once): {token}" if token else f"{account.name}: certificate {fingerprint}")
    return 0


async def _list(people: "DatabasePeople", _arguments: argparse.Namespace) -> int:
    for one in await people.senders():
        known_by = "certificate" if one.certificate else "token"
        state = "disabled" if one.disabled else "enabled"
        print(f"{one.name}\t{state}\t{known_by}\t{one.organization or '-'}")
    return 0


async def _disable(people: "DatabasePeople", arguments: argparse.Namespace) -> int:
    if await people.disable_sender(arguments.name):
        print(f"{arguments.name} is disabled")
        return 0
    print(f"there is no sender {arguments.name}", file=sys.stderr)
    return 1

"""`gateway operator`: who works at the desk, and in which roles. A password is printed once."""

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any

from gateway.cli.opening import FINDINGS, FINE, Opened, UsageError, add_place, with_store
from gateway.cli.traced import act, add_by
from gateway.records.readers.operator import Operator, OperatorRole

if TYPE_CHECKING:
    from gateway.store.people.signing_in.operators import Told

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}")
MAX_NAME = 100


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("operator", help="add, list or disable somebody of the desk")
    acts = parser.add_subparsers(required=True, metavar="add|list|disable")
    add = acts.add_parser("add", help="somebody new, or a new password and roles")
    add.add_argument("login", metavar="LOGIN")
    add.add_argument("--name", required=True, metavar="NAME", help="never shown to a patient")
    add.add_argument(
        "--role",
        action="append",
        required=True,
        choices=[one.value for one in OperatorRole],
        help="once for each role",
    )
    add.set_defaults(act=_add)
    show = acts.add_parser("list", help="everybody, one a line")
    show.set_defaults(act=_list)
    disable = acts.add_parser("disable", help="turns somebody away from now on")
    disable.add_argument("login", metavar="LOGIN")
    disable.set_defaults(act=_disable)
    add_by(add, disable)
    for one in (add, show, disable):
        add_place(one)
    parser.set_defaults(run=lambda arguments: with_store(arguments, arguments.act))


async def _add(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.vault.signing_in.passwords import Argon2Hasher

    name = arguments.name.strip()
    if not LOGIN.fullmatch(arguments.login):
        raise UsageError("LOGIN is 3 to 64 letters, digits, dots, dashes, underscores")
    if not name or len(name) > MAX_NAME:
        raise UsageError(f"--name is 1 to {MAX_NAME} characters")
    password = opened.ids.secret()
    known = await opened.store.operators.operator(arguments.login)
    kept = await opened.store.operators.keep_operator(
        Operator(
            number="",
            login=arguments.login,
            name=name,
            password_hash=await Argon2Hasher().hash(password),
            roles=tuple(OperatorRole(one) for one in dict.fromkeys(arguments.role)),
        ),
        told=_told(arguments, "operator-added", roles=sorted(set(arguments.role))),
    )
    if known is not None:
        print(_changed(known), file=sys.stderr)
    print(f"{kept.number}\t{kept.login}\t{' '.join(kept.roles)}")
    print(f"password (shown once): {password}")
    return FINE


def _changed(before: Operator) -> str:
    """What `add` changed of an operator whose login was known."""
    words = f"new password, name and roles for a known operator: {' '.join(before.roles)} before"
    return f"{words}, disabled" if before.disabled else words


async def _list(opened: Opened, _arguments: argparse.Namespace) -> int:
    for one in await opened.store.operators.operators():
        state = "disabled" if one.disabled else "enabled"
        print(f"{one.number}\t{one.login}\t{state}\t{' '.join(one.roles)}\t{one.name}")
    return FINE


async def _disable(opened: Opened, arguments: argparse.Namespace) -> int:
    """Open sessions end with their next request."""
    told = _told(arguments, "operator-disabled")
    if not await opened.store.operators.disable_operator(arguments.login, told=told):
        print(f"there is no operator {arguments.login}", file=sys.stderr)
        return FINDINGS
    print(f"{arguments.login} is disabled")
    return FINE


def _told(arguments: argparse.Namespace, action: str, **more: object) -> "Told":
    """Who may act at the desk is a fact of the log too: about whom, and who typed it."""
    return lambda number: act(arguments, action, operator=number, **more)

"""`gateway sender`: who may deposit, and by what they are known. A token is printed once."""

import argparse
import hashlib
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from gateway.cli.opening import Opened, UsageError, add_place, with_store
from gateway.cli.traced import act, add_by
from gateway.clock import SystemIds
from gateway.records.patients.account import SenderAccount
from gateway.records.patients.patient import Profile
from gateway.settings.checking.checks import leaves_readable

FINGERPRINT = re.compile(r"[0-9a-f]{64}")
ANSWERS_HELP = "its own MLLP address for ZAM messages, mllp://HOST:PORT or mllps://HOST:PORT"
NONE = "none"
SWITCHES = {
    "results-only": "may send ORU with results only",
    "strict": "warnings are errors, HL7v2 structures are validated",
    "identities": "its ADT messages are believed (a new sender's are); no-: refused",
}
ADDED, CHANGED = "sender-added", "sender-changed"
DISABLED, ENABLED = "sender-disabled", "sender-enabled"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("sender", help="add, list, redirect, disable or enable a sender")
    parser.set_defaults(run=run)
    acts = parser.add_subparsers(required=True, metavar="add|list|answers|disable|enable")
    add = acts.add_parser("add", help="a new sender, or new credentials for a known one")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--organization", metavar="ID", help="FINESS or SIRET of its organisation")
    add.add_argument(
        "--fingerprint", metavar="SHA256", help="client certificate, hexadecimal; then no token"
    )
    add.add_argument(
        "--application",
        action="append",
        metavar="MSH-3",
        help="application that may send with this certificate; several: once each; none: any",
    )
    for name, text in SWITCHES.items():
        add.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, help=text)
    add.add_argument("--answers", metavar="URL", help=ANSWERS_HELP)
    add.set_defaults(act=_add)
    show = acts.add_parser("list", help="every sender, one a line")
    show.set_defaults(act=_list)
    answers = acts.add_parser("answers", help="where the business answers of a sender go")
    answers.add_argument("name", metavar="NAME")
    answers.add_argument("url", metavar="URL", help=f"{ANSWERS_HELP}; none: nowhere")
    answers.set_defaults(act=_answers)
    disable = acts.add_parser("disable", help="turns a sender away from now on")
    disable.add_argument("name", metavar="NAME")
    disable.set_defaults(act=_disable)
    enable = acts.add_parser("enable", help="takes a disabled sender in again")
    enable.add_argument("name", metavar="NAME")
    enable.set_defaults(act=_enable)
    add_by(add, answers, disable, enable)
    for one in (add, show, answers, disable, enable):
        add_place(one)


def run(arguments: argparse.Namespace) -> int:
    """0 done, 1 no such sender, 2 usage or configuration, 3 the database cannot be opened."""
    return with_store(arguments, _act)


async def _act(opened: Opened, arguments: argparse.Namespace) -> int:
    asked: Callable[[Opened, argparse.Namespace], Awaitable[int]] = arguments.act
    return await asked(opened, arguments)


async def _add(opened: Opened, arguments: argparse.Namespace) -> int:
    fingerprint = arguments.fingerprint and arguments.fingerprint.replace(":", "").lower()
    if not NAME.fullmatch(arguments.name):
        print("NAME is 1 to 64 letters, digits, dots, dashes, underscores", file=sys.stderr)
        return 2
    if fingerprint and not FINGERPRINT.fullmatch(fingerprint):
        print("--fingerprint is a SHA-256: 64 hexadecimal digits", file=sys.stderr)
        return 2
    await _demand_own(opened, arguments.name, fingerprint)
    given = _given(opened, arguments)
    token = None if fingerprint else SystemIds().secret()
    known = await opened.store.people.sender_named(arguments.name)
    account = replace(
        known or SenderAccount(name=arguments.name),
        token_hash=hashlib.sha256(token.encode()).digest() if token else None,
        certificate=fingerprint,
        **given,
    )
    told = "certificate" if fingerprint else "token"
    trace = act(arguments, ADDED, sender=account.name, known_by=told, changed=sorted(given))
    await opened.store.people.add_sender(account, act=trace)
    if known is not None:
        print(_kept(account, known), file=sys.stderr)
    print(f"token (shown once): {token}" if token else f"{account.name}: certificate {fingerprint}")
    return 0


async def _demand_own(opened: Opened, name: str, fingerprint: str | None) -> None:
    """Raises UsageError for a certificate of another sender: a door cannot tell the two apart."""
    bearer = fingerprint and await opened.store.people.sender_by_certificate(fingerprint)
    if bearer and bearer.name != name:
        raise UsageError(
            f"this certificate is that of {bearer.name}: give each sender its own"
            f" (gateway sender add {bearer.name} takes it from that one)"
        )


def _given(opened: Opened, arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings that were typed; the others stay as they are."""
    typed = {
        "organization": arguments.organization,
        "results_only": arguments.results_only,
        "strict": arguments.strict,
        "identities": arguments.identities,
        "applications": arguments.application and tuple(arguments.application),
        "answers": arguments.answers and _checked(opened, arguments.answers),
    }
    return {name: value for name, value in typed.items() if value is not None}


def _kept(account: SenderAccount, before: SenderAccount) -> str:
    """What happened to a sender that was there."""
    new = "certificate" if account.certificate else "token"
    old = "certificate" if before.certificate else "token"
    words = f"new {new} for a known sender: its {old} ends, settings that were not given are kept"
    if account.disabled:
        words += f"; it stays disabled: gateway sender enable {account.name}"
    return words


def _checked(opened: Opened, url: str) -> str:
    """The address as written. Raises UsageError for one that nobody could or may be sent to."""
    try:
        readable = leaves_readable(url)
    except ValueError as error:
        raise UsageError(f"{url}: {error}") from error
    if readable and opened.settings.profile is Profile.PRODUCTION:
        raise UsageError(f"{url} is on another machine: write mllps://")
    return url


async def _answers(opened: Opened, arguments: argparse.Namespace) -> int:
    people = opened.store.people
    account = await people.sender_named(arguments.name)
    if account is None:
        print(f"there is no sender {arguments.name}", file=sys.stderr)
        return 1
    url = None if arguments.url == NONE else _checked(opened, arguments.url)
    trace = act(arguments, CHANGED, sender=account.name, changed=["answers"])
    await people.add_sender(replace(account, answers=url), act=trace)
    print(f"{account.name}: business answers go {f'to {url}' if url else 'nowhere'}")
    return 0


async def _list(opened: Opened, _arguments: argparse.Namespace) -> int:
    for one in await opened.store.people.senders():
        known_by = "certificate" if one.certificate else "token"
        state = "disabled" if one.disabled else "enabled"
        about = (one.organization or "-", one.answers or "-", _settings(one) or "-")
        print("\t".join((one.name, state, known_by, *about)))
    return 0


def _settings(account: SenderAccount) -> str:
    """Those that are not a new sender's, as `sender add` takes them."""
    kept = {
        "results-only": account.results_only,
        "strict": account.strict,
        "no-identities": not account.identities,
    }
    named = [name for name, is_set in kept.items() if is_set]
    return " ".join([*named, *(f"application={one}" for one in account.applications)])


async def _disable(opened: Opened, arguments: argparse.Namespace) -> int:
    trace = act(arguments, DISABLED, sender=arguments.name)
    if await opened.store.people.disable_sender(arguments.name, act=trace):
        print(f"{arguments.name} is disabled")
        return 0
    print(f"there is no sender {arguments.name}", file=sys.stderr)
    return 1


async def _enable(opened: Opened, arguments: argparse.Namespace) -> int:
    people = opened.store.people
    account = await people.sender_named(arguments.name)
    if account is None:
        print(f"there is no sender {arguments.name}", file=sys.stderr)
        return 1
    trace = act(arguments, ENABLED, sender=account.name)
    await people.add_sender(replace(account, disabled=False), act=trace)
    print(f"{account.name} is enabled")
    return 0

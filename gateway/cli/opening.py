"""What the operators' commands share: where the store stands, opened once, and errors in words.

A command never shows a traceback for what an operator can mend: a wrong option or a missing key
(exit 2), an unknown receipt (1), a database that is away (3).
"""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap

from gateway.clock import SystemClock, SystemIds
from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.settings import Settings, SettingsError, demo_settings, read_settings

if TYPE_CHECKING:
    from gateway.flows.again import Again
    from gateway.flows.receive import Receive
    from gateway.store.opening import Store

FINE, FINDINGS, BAD_USAGE, COULD_NOT_RUN = 0, 1, 2, 3
CONFIG = Path("gateway.toml")
LARGEST = 2**63 - 1
TRACED = ("by", "reason")
AWAY = "cannot run: the database cannot be reached, or stays busy"
FORBIDDEN = "cannot run: the database does not let this login do it: {}"
DISK_FULL = "cannot run: no space is left on the disk"
DAMAGED = "cannot run: the database file is damaged, or is no database"
NO_DATABASE = "there is no database at {}: restore a backup, or gateway migrate for an empty one"
LATER = "the schema {} is of a later gateway: install that one"
NOT_CURRENT = "The schema is not current: run gateway migrate first."
HALF = (
    "a backup was being restored here, and not to the end: type gateway restore DIR again, with the"
    " same backup; it goes on where it stopped"
)


class UsageError(Exception):
    """What was typed cannot be done. The text says what to type instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The rooms that a command needs; a daemon may run beside it."""

    settings: Settings
    store: "Store"
    receive: "Receive"
    clock: SystemClock
    ids: SystemIds


Act = Callable[[Opened, argparse.Namespace], Awaitable[int]]


def add_place(parser: argparse.ArgumentParser) -> None:
    """--config FILE, or --data DIR for the store of a demo."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--config", type=Path, default=CONFIG, metavar="FILE")
    place.add_argument("--data", type=Path, metavar="DIR", help="the folder of a demo")


def kept_number(text: str) -> int:
    """A number that a column of the database can hold, whether anything has it or not."""
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no number") from None
    if abs(value) > LARGEST:
        raise argparse.ArgumentTypeError(f"{text} is too large a number")
    return value


def whole_number(text: str) -> int:
    """The same, above 0."""
    value = kept_number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Raises SettingsError, or UsageError for a folder without a demo."""
    folder: Path | None = getattr(arguments, "data", None)
    if folder is None:
        return read_settings(arguments.config)[0]
    if not os.path.isdir(folder):  # False too for a name that no folder may have
        raise UsageError(f"{folder} is no folder: give that of gateway serve --demo --data")
    return demo_settings(folder)


def with_store(arguments: argparse.Namespace, act: Act) -> int:
    """Opens the store, acts, closes it. The schema must be current, and who acts be named."""

    def work() -> int:
        check_said(arguments)
        settings = settings_of(arguments)
        check_schema(settings)
        return asyncio.run(_act(settings, arguments, act))

    return in_words(work)


def check_said(arguments: argparse.Namespace) -> None:
    """Raises UsageError for what no column can hold, and for words of a trace that say nothing."""
    for name, said in vars(arguments).items():
        for one in said if isinstance(said, list) else [said]:
            if isinstance(one, str) and not is_text(one):
                raise UsageError(f"{name.replace('_', '-')} is not UTF-8 text: {one!a}")
    for name in TRACED:
        said = getattr(arguments, name, None)
        if said is not None and not said.strip():
            raise UsageError(f"--{name} cannot be empty: it is the trace of this act")


def is_text(said: str) -> bool:
    """False for bytes of another character set, which a word of the shell may have."""
    try:
        said.encode()
    except UnicodeEncodeError:
        return False
    return True


def in_words(work: Callable[[], int]) -> int:
    """The exit status of `work`, or that of its error after one line on standard error."""
    try:
        return work()
    except Exception as error:
        status = _status_of(error)
        if status is None:
            raise
        print(_line_of(error), file=sys.stderr)
        return status


def _status_of(error: Exception) -> int | None:
    """None for a bug of ours, and for a reader who has seen enough."""
    from gateway.store.backups.files import BackupError
    from gateway.store.engine.failures import damaged, deferred, forbidden
    from gateway.store.keys.key_files import KeyFileError

    if isinstance(error, BrokenPipeError):
        return None
    from gateway.flows.log.seal import BrokenLogError

    if isinstance(error, RefusedError | DeniedError | BrokenLogError):
        return FINDINGS
    if isinstance(error, SettingsError | UsageError | KeyFileError | BackupError):
        return BAD_USAGE
    if isinstance(error, InvalidTag | InvalidUnwrap):
        return BAD_USAGE
    if isinstance(error, DeferredError | OSError) or damaged(error) or deferred(error):
        return COULD_NOT_RUN
    if forbidden(error):
        return COULD_NOT_RUN
    return None


def _line_of(error: Exception) -> str:
    from gateway.store.engine.failures import damaged, deferred, forbidden
    from gateway.store.keys.gateway_keys import WRONG_KEYS
    from gateway.store.keys.key_files import KeyFileError

    if isinstance(error, InvalidTag | InvalidUnwrap):
        return WRONG_KEYS
    if isinstance(error, KeyFileError):
        return str(error)
    if isinstance(error, OSError):
        return cannot_run(error)
    if damaged(error):
        return DAMAGED
    if (reason := forbidden(error)) is not None:
        return FORBIDDEN.format(reason)
    from gateway.flows.log.seal import BrokenLogError

    if isinstance(error, BrokenLogError):
        return str(error)
    later = error if isinstance(error, DeferredError) else deferred(error)
    if later is not None:
        return DISK_FULL if later.disk_full else _away(error)
    return str(error)


def _away(error: Exception) -> str:
    from gateway.store.engine.failures import reason_of

    reason = reason_of(error)
    return AWAY if reason is None else f"{AWAY}: {reason}"


def cannot_run(error: OSError) -> str:
    """Why, and of which file or address."""
    what = f": {error.filename}" if error.filename is not None else ""
    return f"cannot run: {error.strerror or error}{what}"


def check_schema(settings: Settings) -> None:
    """Raises UsageError where there is no database, or one that must be migrated first, or that is
    not restored to its end."""
    from gateway.store.migrating import is_known, missing_file, newest_version, schema_version

    if (missing := missing_file(settings.store.url)) is not None:
        raise UsageError(NO_DATABASE.format(missing))
    check_restored(settings)
    version = schema_version(settings.store.url)
    if version is not None and not is_known(version):
        raise UsageError(LATER.format(version))
    if version != newest_version():
        raise UsageError(NOT_CURRENT)


def check_restored(settings: Settings) -> None:
    """Raises UsageError for a place that a restore was killed in."""
    from gateway.store.backups.unfinished import unfinished

    if unfinished(settings.store.url) is not None:
        raise UsageError(HALF)


async def _act(settings: Settings, arguments: argparse.Namespace, act: Act) -> int:
    from gateway.daemon.rooms.judged import judged_store
    from gateway.flows.receive import Here, Receive

    clock, ids = clock_of(settings), SystemIds()
    store = judged_store(settings, clock=clock, ids=ids)
    receive = Receive(store.journal, clock, ids, Here())
    opened = Opened(settings=settings, store=store, receive=receive, clock=clock, ids=ids)
    try:
        return await act(opened, arguments)
    finally:
        await store.close()


def clock_of(settings: Settings) -> SystemClock:
    """The machine's, or that of a demo, which its desk may have moved forward."""
    from gateway.daemon.demo.ahead import demo_clock

    return demo_clock(settings.outbox.parent) if settings.demo else SystemClock()


def again_of(opened: Opened) -> "Again":
    from gateway.daemon.rooms.identities import again_of

    return again_of(opened)


def who_asks(arguments: argparse.Namespace) -> str:
    """--by, else the login name: what a trace says of who did it."""
    if arguments.by is not None:
        return str(arguments.by.strip())
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("this login has no name: say who asks with --by NAME") from None

"""`gateway backup` and `gateway restore`: a copy made while the gateway runs, and its way back.

The wrapped data keys stand in a file of their own beside the copy; the two key files of the
gateway are in neither: they have a backup of their own. What was done is noted in the database for
the desk, so that it is known whether a daemon runs or not.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.opening import (
    FINDINGS,
    FINE,
    UsageError,
    add_place,
    clock_of,
    in_words,
    settings_of,
)
from gateway.records.health import Deed, Upkept
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.flows.log.verify_log import Verified
    from gateway.store.backups.backup import Restored

NO_PLACE = "say where it is tried: --try postgresql://… of an empty database, which you drop then"
NOT_NOTED = "this could not be noted for the desk, and is done all the same"
OLD_SCHEMA = f"the schema is not current: {NOT_NOTED}"
TRIED = "tried: the backup{} came back, and with it {} entries of the log; {} faults"


UNPROVED = (
    "not checked: the backup is older than the list of SHA-256, so a byte that changed in it since"
    " is found only by who reads it"
)


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    save = subparsers.add_parser("backup", help="copy the store while the gateway runs")
    save.set_defaults(run=lambda arguments: in_words(lambda: _backup(arguments)))
    fill = subparsers.add_parser("restore", help="fill an empty place with a backup")
    fill.set_defaults(run=lambda arguments: in_words(lambda: _restore(arguments)))
    fill.add_argument(
        "--erased",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="erased.jsonl of a later backup: who was erased since does not come back",
    )
    fill.add_argument(
        "--try",
        dest="trial",
        nargs="?",
        const="",
        metavar="URL",
        help="restore into a place of its own, verify it with the keys, and note that it was tried",
    )
    for parser in (save, fill):
        parser.add_argument("folder", type=Path, metavar="DIR")
        add_place(parser)


def _backup(arguments: argparse.Namespace) -> int:
    from gateway.store.backups.backup import KEY_FILE, backup

    settings = settings_of(arguments)
    begun = clock_of(settings).now()
    backup(settings.store.url, arguments.folder, at=begun)
    print(f"{arguments.folder} holds the copy; keep {KEY_FILE} and the folder keys apart from it")
    _note(settings, Upkept(deed=Deed.BACKUP, at=begun))
    return FINE


def _restore(arguments: argparse.Namespace) -> int:
    """Only into a place where there is nothing yet."""
    from gateway.cli.upkeep.restoring import bury_again_at, stones_for
    from gateway.store.backups.backup import restore
    from gateway.store.backups.unfinished import finished
    from gateway.store.burying.stones import FILE

    folder: Path = arguments.folder
    settings = settings_of(arguments)
    stones_for(settings, _files(arguments.erased))
    if arguments.trial is not None:
        return _try(settings, folder, arguments.trial)
    restored = restore(folder, settings.store.url)
    print(_keys_said(restored))
    if not restored.is_proved:
        print(UNPROVED)
    if (needed := _masters_said(restored)) is not None:
        print(needed)
    stones = stones_for(settings, [folder / FILE])  # which was held against its SHA-256 by now
    if (erased := bury_again_at(settings, stones)) is not None:
        print(erased)
    finished(settings.store.url)
    print(f"the store is as it was in {folder}; check it with gateway audit verify")
    return FINE


def _files(given: Sequence[Path]) -> Sequence[Path]:
    """Raises UsageError: a name typed wrong would bring back who was erased."""
    for one in given:
        if not one.is_file():
            raise UsageError(f"{one} is no file: give the erased.jsonl of a later backup")
    return given


def _try(settings: Settings, folder: Path, given: str) -> int:
    """1 where what came back is not whole. The place of `settings` is left as it is."""
    from gateway.store.backups.backup import restore
    from gateway.store.backups.files import ABOUT_FILE, BackupError, PlaceError
    from gateway.store.backups.unfinished import finished
    from gateway.store.keys.key_files import KeyFileError

    try:
        with _trial_place(settings, given) as url:
            restored = restore(folder, url)
            finished(url)
            found = asyncio.run(_verified(settings, url))
    except PlaceError:
        raise
    except (BackupError, KeyFileError):
        if (folder / ABOUT_FILE).is_file():  # else no backup was tried
            _note(settings, _tried(settings, faults=1))
        raise
    print(_keys_said(restored))
    at = f" of {restored.at:%Y-%m-%d %H:%M:%S} UTC" if restored.at else ""
    print(TRIED.format(at, found.size, found.count))
    for fault in found.faults:
        print(fault)
    done = _tried(settings, faults=found.count)
    _note(settings, replace(done, of=restored.at, size=found.size))
    return FINDINGS if found.count else FINE


def _tried(settings: Settings, *, faults: int) -> Upkept:
    return Upkept(deed=Deed.RESTORE, at=clock_of(settings).now(), faults=faults)


@contextmanager
def _trial_place(settings: Settings, given: str) -> Iterator[str]:
    """A folder beside the SQLite file, gone at the end; or the database that was given."""
    from gateway.daemon.left import TRIALS, clear_left, own_prefix
    from gateway.store.migrating import sqlite_file

    if given:
        yield _address_of(given)
        return
    file = sqlite_file(settings.store.url)
    if file is None:
        raise UsageError(NO_PLACE)
    here, mine = file.absolute().parent, own_prefix(TRIALS)
    clear_left(here, TRIALS)
    with tempfile.TemporaryDirectory(prefix=mine, dir=here) as folder:
        yield f"sqlite:///{folder}/{file.name}"


def _address_of(given: str) -> str:
    """Raises UsageError."""
    from gateway.settings.values import read_store_url

    try:
        return read_store_url(given)
    except ValueError as error:
        raise UsageError(f"--try {given}: {error}") from None


async def _verified(settings: Settings, url: str) -> "Verified":
    """That our keys open it, and that the log in it is whole. Raises KeyFileError."""
    from gateway.clock import SystemIds
    from gateway.daemon.rooms.judged import judged_store
    from gateway.flows.log.verify_log import VerifyLog
    from gateway.store.log.log_key import load_log_key

    there = replace(settings, store=replace(settings.store, url=url))
    store = judged_store(there, clock=clock_of(settings), ids=SystemIds())
    try:
        key = load_log_key(settings.store.keys).verifier
        return await VerifyLog(store.log_reader, store.log, key)()
    finally:
        await store.close()


def _note(settings: Settings, done: Upkept) -> None:
    """A copy that was taken of an older schema, or of a server that only lets read, is whole."""
    from gateway.store.migrating import schema_is_current
    from gateway.store.upkeep import note

    def noted() -> int:
        note(settings.store.url, done)
        return FINE

    if not schema_is_current(settings.store.url):
        print(OLD_SCHEMA, file=sys.stderr)
    elif in_words(noted) != FINE:
        print(NOT_NOTED, file=sys.stderr)


def _masters_said(restored: "Restored") -> str | None:
    """Which files must stand in keys/ for it, where that is not the first one alone."""
    from gateway.store.keys.masters.master import FIRST, master_name

    if not restored.versions or list(restored.versions) == [FIRST]:
        return None
    return f"its data keys are under {' and '.join(map(master_name, restored.versions))}"


def _keys_said(restored: "Restored") -> str:
    """Who does not come back is never passed over."""
    keys, of = restored.keys, restored.of
    if of is None:
        return f"{keys} keys; the backup does not say how many there were"
    if keys < of:
        gone = of - keys
        return f"{keys} of {of} keys: {gone} person{'s are' if gone > 1 else ' is'} erased"
    if not restored.is_same_file:
        return f"{keys} keys for {of}, of another file than the one written with the copy"
    return f"{keys} of {of} keys"

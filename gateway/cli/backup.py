"""`gateway backup` and `gateway restore`: a copy made while the gateway runs, and its way back.

The wrapped data keys stand in a file of their own beside the copy; the two key files of the
gateway are in neither: they have a backup of their own.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.opening import FINE, add_place, in_words, settings_of

if TYPE_CHECKING:
    from gateway.store.backup import Restored


UNPROVED = (
    "not checked: the backup is older than the list of SHA-256, so a byte that changed in it since"
    " is found only by who reads it"
)


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    save = subparsers.add_parser("backup", help="copy the store while the gateway runs")
    save.set_defaults(run=lambda arguments: in_words(lambda: _backup(arguments)))
    fill = subparsers.add_parser("restore", help="fill an empty place with a backup")
    fill.set_defaults(run=lambda arguments: in_words(lambda: _restore(arguments)))
    for parser in (save, fill):
        parser.add_argument("folder", type=Path, metavar="DIR")
        add_place(parser)


def _backup(arguments: argparse.Namespace) -> int:
    from gateway.store.backup import KEY_FILE, backup

    backup(settings_of(arguments).store.url, arguments.folder)
    print(f"{arguments.folder} holds the copy; keep {KEY_FILE} and the folder keys apart from it")
    return FINE


def _restore(arguments: argparse.Namespace) -> int:
    """Only into a place where there is nothing yet."""
    from gateway.store.backup import restore

    folder: Path = arguments.folder
    settings = settings_of(arguments)
    restored = restore(folder, settings.store.url)
    print(_keys_said(restored))
    if not restored.is_proved:
        print(UNPROVED)
    print(f"the store is as it was in {folder}; check it with gateway audit verify")
    return FINE


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

"""`gateway init`: a folder with a commented gateway.toml, new keys and an empty database."""

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from gateway.clock import SystemIds
from gateway.settings import SettingsError, read_settings
from gateway.settings.template import template

FILE = "gateway.toml"


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("init", help="write gateway.toml, keys and an empty database")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when made, 2 where a configuration or a key exists already, 3 when it cannot be written.

    Nothing that exists is written over. The file comes last, and its draft says that a try was
    broken off: the same words go on with the keys and the database of that one.
    """
    from gateway.store.keys.key_files import KeyFileError

    folder: Path = arguments.folder
    file = folder / FILE
    if file.exists():
        print(f"{file} exists already and is kept", file=sys.stderr)
        return 2
    try:
        _make(folder, file)
    except (KeyFileError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{folder} cannot be written: {error.strerror}", file=sys.stderr)
        return 3
    typed = shlex.quote(str(file))
    print(f"{file}, its keys and an empty database are made. Next: gateway check-config {typed}")
    print(f"Then: gateway sender add laboratory --config {typed}")
    return 0


def _make(folder: Path, file: Path) -> None:
    from gateway.store.keys.gateway_keys import Keys
    from gateway.store.keys.key_check import check_keys
    from gateway.store.keys.key_files import KeyFileError
    from gateway.store.log.log_key import create_log_key, has_log_key
    from gateway.store.migrating import migrate

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{FILE}.new"
    was_begun = draft.exists()
    draft.write_text(template(), encoding="utf-8")
    settings, _text = read_settings(draft)
    ids, place = SystemIds(), settings.store.keys
    try:
        keys = (Keys.complete if was_begun else Keys.create)(place, ids)
        if not (was_begun and has_log_key(place)):
            create_log_key(place, ids)
    except KeyFileError:
        draft.unlink()
        raise
    migrate(settings.store.url)
    check_keys(settings.store.url, keys)
    os.replace(draft, file)

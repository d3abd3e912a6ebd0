"""`gateway migrate`: brings the schema of the database up; may be run again."""

import argparse
from typing import Any

from gateway.cli.opening import FINE, UsageError, add_place, in_words, settings_of


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("migrate", help="bring the schema of the database up")
    add_place(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when the schema is current, 2 wrong configuration, 3 when the database is away."""
    return in_words(lambda: _migrate(arguments))


def _migrate(arguments: argparse.Namespace) -> int:
    from gateway.store.migrating import FOLDER, migrate, schema_version

    url = settings_of(arguments).store.url
    before = schema_version(url)
    if before is not None and not any(FOLDER.glob(f"versions/{before}_*.py")):
        raise UsageError(f"the schema {before} is of a later gateway: install that one")
    migrate(url)
    after = schema_version(url)
    if before == after:
        print(f"schema {after}: nothing to do")
    else:
        print(f"schema {before or 'none'} → {after}")
    return FINE

"""`gateway migrate`: brings the schema of the database up; may be run again."""

import argparse
from typing import Any

from gateway.cli.opening import FINE, LATER, UsageError, add_place, in_words, settings_of
from gateway.settings import Settings


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("migrate", help="bring the schema of the database up")
    add_place(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when the schema is current, 2 wrong configuration, 3 when the database is away."""
    return in_words(lambda: _migrate(arguments))


def _migrate(arguments: argparse.Namespace) -> int:
    from gateway.store.migrating import is_known, migrate, schema_version

    settings = settings_of(arguments)
    url = settings.store.url
    before = schema_version(url)
    if before is not None and not is_known(before):
        raise UsageError(LATER.format(before))
    migrate(url)
    after = schema_version(url)
    if before == after:
        print(f"schema {after}: nothing to do")
    else:
        print(f"schema {before or 'none'} → {after}")
    _sign_from_now_on(settings)
    return FINE


def _sign_from_now_on(settings: Settings) -> None:
    """A place older than the signed log gets its key; one that ever signed never gets another."""
    from gateway.clock import SystemIds
    from gateway.store.log.log_key import create_log_key, has_log_key
    from gateway.store.migrating import was_ever_signed

    keys = settings.store.keys
    if keys.is_dir() and not has_log_key(keys) and not was_ever_signed(settings.store.url):
        create_log_key(keys, SystemIds())
        print(f"{keys}/log.key is made: it signs the access log. Back it up with the other keys.")

"""`gateway migrate`: brings the schema of the database up; may be run again."""

import argparse
from typing import Any

from gateway.cli.opening import (
    FINE,
    LATER,
    UsageError,
    add_place,
    check_restored,
    in_words,
    settings_of,
)
from gateway.settings import Settings

DEAD_ROWS = (
    "until a VACUUM FULL of receipt, document and task the files of PostgreSQL still hold what was"
)


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
    check_restored(settings)
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
    _seal_words_of_before(settings)
    _sign_from_now_on(settings)
    return FINE


def _seal_words_of_before(settings: Settings) -> None:
    """Where the keys are; else the next start of the daemon does it, which has them."""
    from gateway.store.keys.gateway_keys import Keys
    from gateway.store.keys.key_check import check_keys
    from gateway.store.sealed_since import seal_words_of_before

    url = settings.store.url
    if not settings.store.keys.is_dir():
        return
    keys = Keys.load(settings.store.keys)
    check_keys(url, keys)
    if count := seal_words_of_before(url, keys):
        print(f"{count} rows bore names in clear: they are sealed")
        if not url.startswith("sqlite"):
            print(DEAD_ROWS)


def _sign_from_now_on(settings: Settings) -> None:
    """A place older than the signed log gets its key; one that ever signed never gets another."""
    from gateway.clock import SystemIds
    from gateway.store.log.log_key import create_log_key, has_log_key
    from gateway.store.migrating import was_ever_signed

    keys = settings.store.keys
    if keys.is_dir() and not has_log_key(keys) and not was_ever_signed(settings.store.url):
        create_log_key(keys, SystemIds())
        print(f"{keys}/log.key is made: it signs the access log. Back it up with the other keys.")

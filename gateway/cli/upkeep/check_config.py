"""`gateway check-config`: every problem of a gateway.toml, or what a key means."""

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from gateway.cli.opening import NO_DATABASE, cannot_run
from gateway.clock import SystemClock
from gateway.settings import Settings, SettingsError, load_settings, out_of_date, read_settings
from gateway.settings.explain import explain, explanations, keys_beside


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("check-config", help="name what is wrong in a gateway.toml")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--explain", metavar="KEY", help="print what a key means, as mllp.listen")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when nothing is wrong, 1 with problems, 2 without a file or with an unknown key."""
    if arguments.explain is not None:
        return _explain(arguments.explain)
    if arguments.file is None:
        print("check-config needs a FILE, or --explain KEY", file=sys.stderr)
        return 2
    file: Path = arguments.file
    problems: list[str] = []
    try:
        load_settings(file)
    except SettingsError as error:
        problems = [str(problem) for problem in error.problems]
    with suppress(SettingsError):
        settings, text = read_settings(file)
        problems += [str(one) for one in out_of_date(settings, text, SystemClock().now())]
        problems += store_problems(settings)
    for problem in problems:
        print(problem if problem.startswith(f"{file} ") else f"{file}: {problem}")
    if problems:
        return 1
    print(f"{file}: fine, profile {settings.profile}")
    return 0


def store_problems(settings: Settings) -> list[str]:
    """What a start would miss besides: keys, and the file of the database."""
    from gateway.store.migrating import foreign_file, missing_file

    problems = key_problems(settings.store.keys) if settings.store.keys.is_dir() else []
    if (missing := missing_file(settings.store.url)) is not None:
        problems.append(NO_DATABASE.format(missing))
    with suppress(OSError):
        if (foreign := foreign_file(settings.store.url)) is not None:
            problems.append(f"store.url: {foreign} is no database: restore a backup")
    return problems


def key_problems(folder: Path) -> list[str]:
    """Each key that is missing, open to others or no key; all of it, each once."""
    from gateway.store.keys.gateway_keys import INDEX
    from gateway.store.keys.key_files import KeyFileError, check_closed, read_key
    from gateway.store.keys.masters.master import master_name, versions_in
    from gateway.store.log.log_key import LOG, read_log_key

    tries: list[Callable[[], object]] = []
    for name in (*map(master_name, versions_in(folder)), INDEX):
        tries += [partial(check_closed, folder / name), partial(read_key, folder / name)]
    tries += [partial(check_closed, folder / LOG), partial(read_log_key, folder)]
    found: dict[str, None] = {}
    for one in tries:
        try:
            one()
        except KeyFileError as error:
            found[f"store.keys: {error}"] = None
        except OSError as error:
            found[cannot_run(error)] = None
    return list(found)


def _explain(key: str) -> int:
    text = explain(key)
    if text is not None:
        print(text)
        return 0
    near = get_close_matches(key, explanations(), n=3) or keys_beside("")
    print(f"unknown key {key}; near it: {', '.join(near)}", file=sys.stderr)
    return 2

"""`gateway check-config`: every problem of a gateway.toml, or what a key means."""

import argparse
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from gateway.settings import SettingsError, load_settings
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
    try:
        settings = load_settings(arguments.file)
    except SettingsError as error:
        for problem in error.problems:
            print(f"{arguments.file}: {problem}")
        return 1
    print(f"{arguments.file}: fine, profile {settings.profile}")
    return 0


def _explain(key: str) -> int:
    text = explain(key)
    if text is not None:
        print(text)
        return 0
    near = get_close_matches(key, explanations(), n=3) or keys_beside("")
    print(f"unknown key {key}; near it: {', '.join(near)}", file=sys.stderr)
    return 2

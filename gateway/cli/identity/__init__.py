"""`gateway identity`: what waits for an identity, whose it is, and merges that are undone.

No trait and no identifier of a person is ever printed: only whether they agree (VAULT DSK-09).
"""

import argparse
from typing import Any

from gateway.cli.identity import acts, held, merges


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("identity", help="what waits for an identity, and merges")
    words = parser.add_subparsers(
        required=True,
        metavar="list|show|qualify|correct|merge|apart|ends|validate|refuse|proposals|set-aside"
        "|merges|unmerge",
    )
    held.add_parsers(words)
    acts.add_parsers(words)
    merges.add_parsers(words)

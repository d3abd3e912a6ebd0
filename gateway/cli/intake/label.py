"""`gateway label`: documents whose label is a guess, and an operator's word on it.

The list tells what the rules saw, never a title, a text or whose document it is (VAULT DSK-01).
"""

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from gateway.cli.opening import FINE, Opened, add_place, with_store
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import Shelved

if TYPE_CHECKING:
    from gateway.flows.label import ReviewLabels

MAX_LISTED = 1_000
Line = dict[str, str | int | None]
CONFIDENCES = ("high", "medium", "low")
LABELS = [label.value for label in Label]


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("label", help="labels that wait for a person")
    acts = parser.add_subparsers(required=True, metavar="list|set|unset")
    listed = acts.add_parser("list", help="documents whose label is a guess, least sure first")
    listed.add_argument("--below", choices=CONFIDENCES, help="instead of labels.review_below")
    listed.add_argument("--codes", action="store_true", help="one line a code of a sender")
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    listed.set_defaults(run=lambda arguments: with_store(arguments, _list))
    chosen = acts.add_parser("set", help="say the label of a document, for everybody")
    chosen.add_argument("document", metavar="DOCUMENT", help="its id, as label list prints it")
    chosen.add_argument("label", choices=LABELS, metavar="LABEL", help=", ".join(LABELS))
    chosen.set_defaults(run=lambda arguments: with_store(arguments, _set))
    undone = acts.add_parser("unset", help="give a document back to the rules")
    undone.add_argument("document", metavar="DOCUMENT")
    undone.set_defaults(run=lambda arguments: with_store(arguments, _set), label=None)
    for one in (chosen, undone):
        one.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
        one.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
    for one in (listed, chosen, undone):
        add_place(one)


async def _list(opened: Opened, arguments: argparse.Namespace) -> int:
    below = arguments.below or opened.settings.labels.review_below
    found = await _flow(opened).waiting(below, limit=MAX_LISTED + 1)
    if len(found) > MAX_LISTED:
        print(f"only the first {MAX_LISTED} are shown", file=sys.stderr)
    lines: list[Line] = [_json(one) for one in found[:MAX_LISTED]]
    for line in _by_code(lines) if arguments.codes else lines:
        if arguments.json:
            print(orjson.dumps(line).decode())
        else:
            print("\t".join(str(line[name] or "-") for name in SHOWN if name in line))
    return FINE


def _by_code(lines: list[Line]) -> list[Line]:
    """How many documents wait for the same word: the commonest code of a sender first."""
    counts = Counter(tuple(line[name] for name in CODE) for line in lines)
    return [
        {"documents": count, **dict(zip(CODE, key, strict=True))}
        for key, count in counts.most_common()
    ]


async def _set(opened: Opened, arguments: argparse.Namespace) -> int:
    label = Label(arguments.label) if arguments.label else None
    before, after = await _flow(opened).decide(
        arguments.document, label, by=arguments.by.strip(), reason=arguments.reason.strip()
    )
    print(f"{arguments.document}\t{before.label} → {after.label}\t{after.label_rule}")
    return FINE


def _flow(opened: Opened) -> "ReviewLabels":
    from gateway.flows.label import ReviewLabels

    store = opened.store
    return ReviewLabels(labels=store.labels, shelf=store.shelf, clock=opened.clock)


CODE = ("sender", "type_code", "type_system", "label")
SHOWN = (
    "documents",
    "document",
    "at",
    "sender",
    "receipt",
    "type_code",
    "type_system",
    "label",
    "label_confidence",
    "label_rule",
    "label_doubt",
)


def _json(one: Shelved) -> Line:
    """What a sender's codes and our rules say; no title, no name, no identifier of a person."""
    card, document = one.card, one.document
    return {
        "document": card.id,
        "at": f"{card.deposited_at:%Y-%m-%dT%H:%M:%SZ}",
        "sender": one.sender,
        "receipt": card.receipt,
        "type_code": document.type_code,
        "type_system": document.type_system,
        "class_code": document.class_code,
        "format_code": document.format_code,
        "mime_type": document.mime_type,
        "label": document.label,
        "label_confidence": document.label_confidence,
        "label_rule": document.label_rule,
        "label_doubt": document.label_doubt,
    }

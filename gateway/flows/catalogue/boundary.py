"""What passes between a service and the doors of `/fhir`: what it brings is something that it was
given (APP-04), and what it brought is not told to it again (APP-05)."""

from collections.abc import Sequence
from typing import Any

from gateway.access.scopes import may_bring, may_touch
from gateway.errors import RefusedError
from gateway.mapping.fhir.json import load_json
from gateway.records.entries.entry import Entry
from gateway.records.readers.access import Reader, ReaderKind

BASE = "Bundle"
"""The kind of what is posted to the base address."""


def may_write(scopes: Sequence[str], kind: str, letter: str, raw: bytes) -> bool:
    """What cannot be read has no category and no code: a scope without limits leaves it to the door
    to refuse."""
    try:
        brought: dict[str, Any] = load_json(raw, max_bytes=len(raw))
    except RefusedError:
        brought = {}
    if kind == BASE:
        return may_bring(scopes, brought)
    return may_touch(scopes, kind, letter, brought)


def is_echo(reader: Reader, entry: Entry) -> bool:
    """Whether this very service sent it: never back to its own origin (VAULT APP-05)."""
    return reader.kind is ReaderKind.APPLICATION and entry.source.application == reader.id

"""The results of documents that were read for a list of results (decision 050)."""

from typing import NamedTuple

from gateway.records.documents.observation import Observation

MOST_CHARACTERS = 40_000_000
"""Of memory, about, for the results of all records together."""
CHARACTERS_A_ROW = 700
"""What a row takes beside its texts."""


class KeptResults(NamedTuple):
    """`sealed` is the value of the row that was opened, None where the body holds the results;
    `length` that of what was read."""

    sealed: bytes | None
    length: int
    rows: tuple[Observation, ...]


def characters(one: KeptResults) -> int:
    return one.length + CHARACTERS_A_ROW * len(one.rows)

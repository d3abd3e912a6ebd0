"""The types of documents by their French names, for a person who chooses one."""

from typing import NamedTuple

from gateway.mapping.labels import label_of
from gateway.mapping.labels.clues import plain
from gateway.mapping.tables import rows
from gateway.records.documents.document import Label

TAKEN = "Y"


class TypeChoice(NamedTuple):
    """A typeCode that the DMP takes (JDV_J66), its name, and the label that follows from it."""

    code: str
    system: str
    words: str
    label: Label


TYPES = tuple(
    TypeChoice(
        row["type_code"],
        row["type_system"],
        row["display"],
        label_of(row["type_code"], None, None).label,
    )
    for row in sorted(rows("types"), key=lambda one: plain(one["display"]))
    if row["in_dmp"] == TAKEN and row["display"]
)
BY_CODE = {one.code: one for one in TYPES}


def types_named(words: str) -> list[TypeChoice]:
    """Those whose name or code holds every word, or the beginning of it, accents aside; all of
    them for no word."""
    wanted = plain(words).split()
    return [one for one in TYPES if all(_begins(one, word) for word in wanted)]


def _begins(one: TypeChoice, word: str) -> bool:
    return any(name.startswith(word) for name in plain(f"{one.words} {one.code}").split())

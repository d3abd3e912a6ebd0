"""Emergencies as the patient reads them first: one line an entry, in red words (VAULT EMG-03)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gateway.vault.patient.history import Line

ENTRY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """The line of the entry, or the first that is known of it, and what was opened under it."""

    line: Line
    documents: frozenset[str]


def emergencies_of(lines: Iterable[Line]) -> list[Emergency]:
    """Of lines newest first; newest first. A try that was refused opened nothing: it is none."""
    found: list[Emergency] = []
    going: dict[str, int] = {}
    urgent = [line for line in lines if line.emergency and line.permitted]
    for line in reversed(urgent):
        if line.act == ENTRY or line.who not in going:
            going[line.who] = len(found)
            found.append(Emergency(line=line, documents=frozenset()))
        if line.document:
            one = found[going[line.who]]
            found[going[line.who]] = replace(one, documents=one.documents | {line.document})
    return list(reversed(found))

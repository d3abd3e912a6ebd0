"""The files of a copy in the words of the pages: what people read without a program of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.records.correspondence.letter import Attached, KeptMail
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card
from gateway.records.entries.entry import Entry
from gateway.records.patients.account import Person, Trace
from gateway.records.prevention import Said
from gateway.records.readers.access import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A document of the copy, and the path under which its bytes are."""

    card: Card
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedMail:
    """A message of the copy, and the path of its file."""

    mail: KeptMail
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What the copy holds, for its first page: `older` are versions that were replaced, `mails` the
    newest first; `results`, `lines`, `vaccinations` and `measures` count rows of the tables,
    `events` what the calendar holds, `examinations` what was said of prevention."""

    person: Person
    asked_by: str
    at: datetime
    documents: Sequence[Copied]
    older: Sequence[Copied]
    mails: Sequence[CopiedMail]
    results: int
    lines: int
    vaccinations: int
    measures: int
    events: int
    examinations: int


class Press(Protocol):
    def results_head(self) -> bytes: ...

    def results(self, copied: Copied, rows: Sequence[Observation]) -> bytes:
        """Lines of `resultats.csv`, one a result."""

    def history_head(self) -> bytes: ...

    def history(self, traces: Sequence[Trace], reader: Reader, cards: Mapping[str, Card]) -> bytes:
        """Lines of `historique.csv`, one an entry, by its number; `cards` are those of the record,
        by id."""

    def name_of(self, person: Person) -> str: ...

    def left_out(self, files: Sequence[Attached]) -> str:
        """Lines at the end of a message: which files came with it and are not in the copy, each
        with its reason (VAULT MSG-09)."""

    def measures(self, entries: Sequence[Entry], reader: Reader) -> bytes:
        """`mesures.csv`, likewise."""

    def vaccinations(self, entries: Sequence[Entry], reader: Reader) -> bytes:
        """`vaccinations.csv`, whole: one line an entry of that kind (EXP-02)."""

    def examinations(self, said: Sequence[Said]) -> bytes:
        """`prevention.csv`, whole: one line a word about an examination."""

    def readme(self, inside: Inside) -> bytes:
        """`LISEZMOI.html`."""

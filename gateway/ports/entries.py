"""Where the entries of a medical profile are kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.entries.entry import Entry, Taken
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey


class Entries(Protocol):
    """Each change is one commit with its traces. Nothing is filtered by access."""

    async def of(
        self,
        patient: PatientKey,
        kinds: Iterable[EntryKind],
        *,
        part: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> Sequence[Entry]:
        """Those of a record that stand, and words that there are none, the latest first; `since`
        and `until` bound when they happened (`until` is outside)."""

    async def gone(self, patient: PatientKey, kind: EntryKind) -> Sequence[Entry]:
        """What was refused or deleted, without its content."""

    async def known(self, patient: PatientKey, entries: Sequence[Entry]) -> frozenset[str]:
        """The ids of those of `entries` whose source or sameness is kept already, whatever became
        of it."""

    async def find(self, entry: str) -> Entry | None:
        """Whatever its state."""

    async def states(self, entry: str) -> Sequence[Entry]:
        """As it was before, the oldest first; the present one is not among them."""

    async def add(self, entry: Entry, *, acts: Sequence[NewTrace]) -> bool:
        """One that is there by that id already stays as it is. False, and nothing is written, where
        its kind has as many as it may (`KindFacts.most`), or is no more without any. The first
        entry of a kind takes the word away that there is none."""

    async def change(self, entry: Entry, *, acts: Sequence[NewTrace]) -> bool:
        """Keeps it as a new version; False, and nothing is written, where the kept one is not the
        version before. Of what is gone neither the content nor an earlier state stays."""

    async def synchronise(
        self, entries: Sequence[Entry], *, at: datetime, acts: Sequence[NewTrace]
    ) -> Taken:
        """Those of one record that an application sends: the same identifier, or the same thing of
        the same source, is kept once; the same identifier with another content corrects it. What
        was deleted or refused does not come back."""

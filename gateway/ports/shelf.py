"""Where filed documents stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.account import NewTrace
from gateway.records.document import Label
from gateway.records.filing import Card, Shelved
from gateway.records.observation import Observation
from gateway.records.patient import PatientKey
from gateway.records.task import NewTask


class Shelf(Protocol):
    async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
        """Every document of a record, newest deposit first; nothing is filtered by access."""

    async def find(self, document: str) -> Shelved | None:
        """One document by its public id, whatever its status."""

    async def body(self, document: str) -> bytes:
        """The document's own bytes, as received."""

    async def observations(self, document: str) -> list[Observation]: ...

    async def words(self, patient: PatientKey, words: Sequence[str]) -> set[str]:
        """Ids of the documents of a record that hold all these folded words."""

    async def versions(self, document: str) -> list[Card]:
        """The older versions of a document, newest first."""

    async def mark_read(self, document: str, *, at: datetime) -> None: ...

    async def mark_announced(self, document: str, *, at: datetime) -> None:
        """The patient may see what waited, from `at` on; the first time stays."""

    async def withdraw(
        self, document: str, *, at: datetime, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        """Takes the current version off the shelf, its entry in the log and what follows in the
        same commit; false, and nothing written, where it is not the current one any more."""

    async def mask(self, document: str, *, masked: bool, at: datetime) -> None:
        """Adds or takes away MASQUE_PS by the patient's own choice."""

    async def label(self, document: str, *, own: Label | None) -> None:
        """The label of a document in the patient's own view; None is the gateway's again."""

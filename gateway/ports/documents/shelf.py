"""Where filed documents stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.documents.deposited import Deposited
from gateway.records.documents.document import Label
from gateway.records.documents.mask import Mask
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.documents.update import Lot, Outcome, Update
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.records.task import NewTask


class Shelf(Protocol):
    async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
        """Every document of a record, newest deposit first; nothing is filtered by access."""

    async def find(self, document: str) -> Shelved | None:
        """One document by its public id, whatever its status."""

    async def find_each(self, documents: Sequence[str]) -> Mapping[str, Shelved]:
        """What `find` gives, by id, with a few questions for hundreds of them."""

    async def named(self, unique_ids: Sequence[str]) -> Mapping[str, str]:
        """The ids of documents by their unique ids: of several under one, the last that came."""

    async def newest(self, document: str) -> Shelved | None:
        """What replaced a document in the end, however many versions later; itself where nothing
        did."""

    async def ends(self, patient: PatientKey) -> Mapping[str, str]:
        """Of each document of a record that was replaced, what `newest` gives, by their ids."""

    async def body(self, document: str) -> bytes:
        """The document's own bytes, as received."""

    async def observations(self, document: str) -> list[Observation]: ...

    async def observations_each(
        self, patient: PatientKey, documents: Sequence[str]
    ) -> Mapping[str, Sequence[Observation]]:
        """What `observations` gives, by id, of hundreds of documents of one record at once; of one
        that is not there nothing."""

    async def words(self, patient: PatientKey, words: Sequence[str]) -> set[str]:
        """Ids of the documents of a record that hold all these folded words."""

    async def versions(self, document: str) -> list[Card]:
        """The older versions of a document, newest first."""

    async def mark_read(self, document: str, *, at: datetime) -> None: ...

    async def mark_announced(
        self,
        document: str,
        *,
        at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> None:
        """The patient may see what waited, from `at` on; the first time stays, and only after it
        comes `then`. `acts` are in the log by the same commit."""

    async def withdraw(
        self, document: str, *, at: datetime, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        """Takes the current version off the shelf, its entry in the log and what follows in the
        same commit; false, and nothing written, where it is not the current one any more."""

    async def written_before(self, lot: Lot) -> Outcome | None:
        """Whether an update bore this uniqueId: `again` the very same, `used` another one."""

    async def update(
        self,
        lot: Lot,
        updates: Sequence[Update],
        *,
        at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> Outcome:
        """All of them with their entries in the log and what follows, in one commit; nothing is
        written of any unless the outcome is `done`."""

    async def mask(
        self, masks: Mapping[str, Mask | None], *, at: datetime, acts: Sequence[NewTrace] = ()
    ) -> None:
        """The patient's own mask of each document, in place of the one before; None takes it off,
        and a MASQUE_PS of the sender with it (RULES D5). One commit with its entries in the log;
        what replaced a document is masked with it."""

    async def hide(
        self,
        documents: Sequence[str],
        hide: Hide,
        *,
        at: datetime,
        by: str = "",
        acts: Sequence[NewTrace] = (),
    ) -> None:
        """Hides documents from one reader, in place of what was hidden from him before; an empty
        period (`until` is `since`) only ends that. One commit, as `mask`."""

    async def label(self, document: str, *, own: Label | None, at: datetime) -> None:
        """The label of a document in the patient's own view, from `at` on; None is the gateway's
        again."""

    async def deposits(self, receipts: Sequence[str]) -> list[Deposited]:
        """Those of these receipts that filed a document, in no order."""

    async def hides_ended(
        self, patient: PatientKey, targets: Sequence[Hide], *, by: datetime
    ) -> Mapping[str, datetime]:
        """When what was hidden from one of these last ended, by document; of the targets `to` and
        `id` count. What never was hidden from them is not named."""

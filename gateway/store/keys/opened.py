"""Cards that were opened for a list, in memory, for the next list of the same record.

They live as their key does: no longer than the keyring remembers keys, and all are forgotten when
somebody was erased, by whatever process. Never on a disk (decision 038).
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey

MOST_CARDS = 5_000
"""Of all records together; about 1.6 KB each."""
KeptCards = Mapping[int, tuple[Any, Card]]
"""By the number of the document: the row that was opened, and what it held."""


class Opened:
    """The last records that were listed, as they stood under `seen` erasures."""

    def __init__(self, *, most_cards: int = MOST_CARDS) -> None:
        self._most = most_cards
        self._count = 0
        self._erasures = 0
        self._records: OrderedDict[PatientKey, KeptCards] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, record: PatientKey, seen: int) -> KeptCards:
        """Nothing for a reading that began before what is kept, or after an erasure."""
        with self._lock:
            if seen != self._erasures or record not in self._records:
                return {}
            self._records.move_to_end(record)
            return self._records[record]

    def keep(self, record: PatientKey, cards: KeptCards, seen: int) -> None:
        """In place of what was kept of this record; a record beyond the limit is not kept."""
        with self._lock:
            if seen != self._erasures:
                return
            self._count += len(cards) - len(self._records.pop(record, ()))
            self._records[record] = cards
            while self._count > self._most:
                _, gone = self._records.popitem(last=len(cards) > self._most)
                self._count -= len(gone)

    def forget(self, erasures: int) -> None:
        """Everything; what comes from now on was read when there had been so many."""
        with self._lock:
            self._records.clear()
            self._count, self._erasures = 0, erasures

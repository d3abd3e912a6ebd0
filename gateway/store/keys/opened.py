"""What was opened for a list, in memory, for the next list of the same record: cards, and results.

It lives as its key does: no longer than the keyring remembers keys, and all is forgotten when
somebody was erased, by whatever process. Never on a disk (decisions 038 and 050).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey

MOST_CARDS = 5_000
"""Of all records together; about 1.6 KB each."""
KeptCard = tuple[Any, Card]
"""The row that was opened, and what it held."""
KeptCards = Mapping[int, KeptCard]
"""By the number of the document."""
T = TypeVar("T")


def one_each(_kept: object) -> int:
    return 1


class Opened(Generic[T]):
    """The last records that were listed, as they stood under `seen` erasures: at most `most` of
    what `weight` counts, of all records together."""

    def __init__(self, *, most: int, weight: Callable[[T], int] = one_each) -> None:
        self._most, self._weight = most, weight
        self._count = 0
        self._erasures = 0
        self._records: OrderedDict[PatientKey, Mapping[int, T]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, record: PatientKey, seen: int) -> Mapping[int, T]:
        """Nothing for a reading that began before what is kept, or after an erasure."""
        with self._lock:
            if seen != self._erasures or record not in self._records:
                return {}
            self._records.move_to_end(record)
            return self._records[record]

    def keep(self, record: PatientKey, kept: Mapping[int, T], seen: int) -> None:
        """In place of what was kept of this record; a record beyond the limit is not kept."""
        with self._lock:
            if seen != self._erasures:
                return
            weight = self._weighed(kept)
            self._count += weight - self._weighed(self._records.pop(record, {}))
            self._records[record] = kept
            while self._count > self._most:
                _, gone = self._records.popitem(last=weight > self._most)
                self._count -= self._weighed(gone)

    def _weighed(self, kept: Mapping[int, T]) -> int:
        return sum(map(self._weight, kept.values()))

    def forget(self, erasures: int) -> None:
        """Everything; what comes from now on was read when there had been so many."""
        with self._lock:
            self._records.clear()
            self._count, self._erasures = 0, erasures

"""The patient's own mask of a document (VAULT CHO-07)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """The patient's own mask of a document: from `since`, no longer at the second `until`."""

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)

"""The patient's own mask of a document (VAULT CHO-07)."""

from dataclasses import dataclass
from datetime import datetime, time

from gateway.records.duration import PARIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """The patient's own mask of a document: from `since`, no longer at the second `until`.

    A start that was chosen is the first instant of a day in Paris (VAULT CHO-07). Any other is the
    second at which it was said; one to come was said by a clock that was ahead, and holds.
    """

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        begun = self.since <= at or not _starts_a_day(self.since)
        return begun and (self.until is None or at < self.until)


def _starts_a_day(instant: datetime) -> bool:
    try:
        return instant.astimezone(PARIS).time() == time()
    except OverflowError:
        return False

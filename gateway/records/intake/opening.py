"""The bytes of a refused message, as two people of the desk open them (PAGES section 7)."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.intake.finding import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One operator asks, with a reason; once another one agreed, who asked may read until `until`.
    `by` and `agreed_by` are numbers of operators."""

    id: str
    receipt: str
    by: str
    reason: str
    at: datetime
    agreed_by: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides whether the bytes of a receipt may be opened at all.

    `in_a_record`: it belongs to somebody's record. `was_held` is None of receipts from before this
    was kept. `taken` that the same bytes of the same sender were accepted or held as another
    receipt. `keep_until` is None where no bytes are kept by themselves.
    """

    verdict: Verdict
    in_a_record: bool
    was_held: bool | None
    taken: bool
    keep_until: datetime | None

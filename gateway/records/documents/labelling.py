"""An operator's word on the label of a document (decision 012)."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.documents.document import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDecision:
    """`label` is None to give the document back to the rules; `by` and `reason` are traced."""

    document: str
    label: Label | None
    by: str
    reason: str
    at: datetime

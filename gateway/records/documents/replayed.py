"""A later understanding of bytes that were filed before: kept beside the first, never over it."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.documents.document import Document
from gateway.records.intake.finding import Finding, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What the code of `software` understood of a receipt's bytes at `at`, asked for by `by`."""

    receipt: str
    at: datetime
    by: str
    software: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabelling:
    """A filed document whose type or label is read otherwise today; `id` is ours.

    `shown` says that a reader sees it: type, class or label, not the rule alone.
    """

    id: str
    document: Document
    shown: bool = True

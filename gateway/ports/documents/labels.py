"""The labels that wait for a person, and what persons said."""

from collections.abc import Iterable
from typing import Protocol

from gateway.records.documents.document import Document
from gateway.records.documents.labelling import LabelDecision


class Labels(Protocol):
    async def waiting(self, confidences: Iterable[str], *, limit: int) -> list[str]:
        """Ids of current documents whose label no official type gave undoubted and no person
        decided, of these confidences, oldest first."""

    async def decide(self, decision: LabelDecision) -> Document | None:
        """The document as it is labelled now, changed and traced in one commit.

        None, and nothing changed, where there is no such document.
        """

"""Label: the operators' review list, and their word on a label, which can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.ports.documents.labels import Labels
from gateway.ports.documents.shelf import Shelf
from gateway.records.documents.document import Document, Label
from gateway.records.documents.labelling import LabelDecision
from gateway.records.documents.shelved import DocumentStatus, Shelved

BELOW: Mapping[str, tuple[str, ...]] = {"high": ("low", "medium"), "medium": ("low",), "low": ()}
"""Confidences that wait for a person, by the setting `review_below`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLabels:
    labels: Labels
    shelf: Shelf
    clock: Clock

    async def waiting(self, below: str, *, limit: int) -> list[Shelved]:
        """Documents whose label is less sure than `below`, the least sure and oldest first."""
        found = [
            await self.shelf.find(identifier)
            for identifier in await self.labels.waiting(BELOW[below], limit=limit)
        ]
        return [one for one in found if one is not None]

    async def decide(
        self, document: str, label: Label | None, *, by: str, reason: str
    ) -> tuple[Document, Document]:
        """The document before and after; with None the label of the rules comes back.

        Raises RefusedError for a document that is not there, was withdrawn, or has no word of
        an operator to take back.
        """
        shelved = await self.shelf.find(document)
        if shelved is None or shelved.card.status is DocumentStatus.WITHDRAWN:
            raise RefusedError(f"there is no document {document}")
        if label is None and shelved.document.label_given is None:
            raise RefusedError(f"nobody decided the label of document {document}")
        decision = LabelDecision(
            document=document, label=label, by=by, reason=reason, at=self.clock.now()
        )
        after = await self.labels.decide(decision)
        if after is None:
            raise RefusedError(f"there is no document {document}")
        return shelved.document, after

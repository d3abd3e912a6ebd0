"""Where links stand that were made to documents, and the readings that they opened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.patients.share_link import ShareLink


class ShareLinks(Protocol):
    """Each change is one commit with its entry in the log. Nothing is filtered by access; what is
    over at `now` is not there."""

    async def make(self, made: ShareLink, *, most: int, act: NewTrace) -> bool:
        """False, and nothing written, where the record has `most` links in force. One of this id
        stays as it is."""

    async def of(self, patient: PatientKey, now: datetime) -> Sequence[ShareLink]:
        """Of a record, the newest first."""

    async def find(self, secret: str, now: datetime) -> ShareLink | None:
        """By the secret of its address, spent or not."""

    async def end(self, link: str, *, act: NewTrace) -> bool:
        """With every reading that it opened. False, and nothing written, where it is gone."""

    async def begin(
        self, link: ShareLink, ticket: str, *, until: datetime, most: int, act: NewTrace
    ) -> bool:
        """One more reading, under the secret `ticket`; False, and nothing written, where `most`
        were begun, or the link is gone."""

    async def reading(self, secret: str, ticket: str, now: datetime) -> ShareLink | None:
        """The link of this address, where this ticket opened a reading of it that still lasts."""

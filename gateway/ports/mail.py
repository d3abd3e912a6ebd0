"""How a flow has a document mailed, and a business answer sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.document import Document


class Mailer(Protocol):
    async def mail(
        self,
        *,
        to: str,
        documents: Sequence[tuple[Document, bytes]],
        reply_to: str | None,
        at: datetime,
        body: str = "",
        last_word: bool = False,
    ) -> str:
        """Hands one mail over; the operator's last words.

        `body` is the sender's own text, "" for ours; `last_word` that nobody may answer it.

        Raises RefusedError for good, DeferredError to be tried again.
        """

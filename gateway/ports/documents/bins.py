"""What a patient threw away of his own documents, until its bytes are gone (VAULT DOC-08)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey


class Bins(Protocol):
    async def put(
        self, documents: Sequence[str], *, at: datetime, acts: Sequence[NewTrace]
    ) -> bool:
        """Current documents of the patient's own leave every list, each with the versions that it
        replaced, their entries in the log in the same commit; false, and nothing written, where one
        of them is not such a document any more."""

    async def take_out(
        self, document: str, *, since: datetime, at: datetime, act: NewTrace
    ) -> bool:
        """Where it stood, with its versions; false, and nothing written, for what is not in the
        bin, or has been since before `since`."""

    async def thrown(self, patient: PatientKey, *, since: datetime) -> list[str]:
        """Ids of what this record's bin holds that came there after `since`, the last first; of a
        document with versions the newest."""

    async def drop(self, *, by: datetime, limit: int) -> int:
        """The bytes, words and details of what was thrown away up to `by`, and of what came in
        with it, are gone; its row stays for the log. How many documents, at most `limit`."""

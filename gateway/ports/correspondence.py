"""Where the mails of a record are kept, and what the patient's side did with them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.correspondence.conversation import Delivery, Reason
from gateway.records.correspondence.letter import KeptMail, Note
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask

ChangeNote = Callable[[Note], Note]
"""Pure; NO_NOTE for a conversation that had none, and in answer where nothing is left to keep."""


class Correspondence(Protocol):
    """Each change is one commit with its entries in the log."""

    async def mails(self, patient: PatientKey, *, unread_only: bool = False) -> Sequence[KeptMail]:
        """All of a record, the oldest first; nothing is filtered by access."""

    async def has_unread(self, patient: PatientKey) -> bool:
        """Whether there is any that nobody opened; asked by every page."""

    async def mail(self, mail: str) -> KeptMail | None: ...

    async def notes(self, patient: PatientKey) -> Mapping[str, Note]:
        """By conversation."""

    async def post(self, mail: KeptMail, task: NewTask, act: NewTrace) -> None:
        """Keeps what the patient wrote with the task that sends it; the conversation's draft goes,
        and it is neither archived nor thrown away any more. Nothing where that id is there."""

    async def note(
        self,
        patient: PatientKey,
        conversation: str,
        change: ChangeNote,
        *,
        at: datetime,
        act: NewTrace | None = None,
    ) -> None: ...

    async def mark_read(
        self,
        mails: Sequence[str],
        *,
        at: datetime,
        acts: Sequence[NewTrace],
        then: Sequence[NewTask] = (),
    ) -> None:
        """Those that nobody had opened before; `acts` are written whatever was read."""

    async def came_to(
        self,
        mail: str,
        delivery: Delivery,
        reason: Reason | None = None,
        *,
        at: datetime,
        act: NewTrace,
    ) -> bool:
        """What became of a mail that went out; False, and no entry, where there is none of that id,
        or it was read before."""

    async def delete(
        self,
        conversation: str,
        *,
        mails: Sequence[str],
        at: datetime,
        act: NewTrace,
    ) -> None:
        """These mails of it and its note, and the bytes of those that filed no document."""

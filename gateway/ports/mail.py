"""How a flow has a document mailed."""

from typing import Protocol

from gateway.records.messages.outgoing_mail import OutgoingMail, OutgoingNotice
from gateway.records.messages.patient_mail import PatientMail, ReadReceipt


class Mailer(Protocol):
    async def mail(self, mail: OutgoingMail) -> str:
        """Hands one mail over; the operator's last words.

        Raises RefusedError for good, DeferredError to be tried again, both with the code of the
        reply in `finding`, where there was one.
        """


class NoticeMailer(Protocol):
    async def tell(self, notice: OutgoingNotice) -> str:
        """Hands a notice over, as `Mailer.mail` does a mail."""


class PatientMailer(Protocol):
    async def answer(self, mail: PatientMail) -> str:
        """Hands over what a patient wrote, as `Mailer.mail` does a document."""

    async def receipt(self, receipt: ReadReceipt) -> str:
        """The same of a read receipt, which nobody answers: its envelope has no sender."""

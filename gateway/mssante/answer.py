"""What a patient writes, as a mail from his own box; and the receipt that he read one.

Documents go as files, as they are; CDA in the archive that every reader of MSSanté opens, with
its readable copies beside it (MSSANTE section 5.1).
"""

import re
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from gateway.mapping.xdm.write import Editor, pack
from gateway.mssante.copies import copies_of, name_of
from gateway.mssante.message import (
    ARCHIVE_NAME,
    LINES,
    MAX_SENT_BYTES,
    addressed,
    domain_of,
    entitle,
    one_line,
    plain_word,
    written,
)
from gateway.records.documents.document import CDA_TYPES, Document
from gateway.records.intake.understanding import Submission
from gateway.records.messages.patient_mail import PatientMail, ReadReceipt

ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
}
PLAIN_ID = re.compile(r"(?!.*=\?)[!-;=?-~]{1,250}", re.ASCII)
"""What another wrote reaches a header as printed letters of ASCII, and never as encoded words."""
SEEN = "Le message a été ouvert dans Mon espace santé.\n"
SEEN_SUBJECT = "Accusé de lecture"
DISPOSITION = "message/disposition-notification"
File = tuple[str, str, bytes]


def build_answer(
    mail: PatientMail, *, sender: str, product: str, editor: Editor, submission: Submission
) -> bytes:
    """As it is handed to the relay, CRLF. Raises ValueError where an address or the size cannot be
    sent."""
    made = _begun(sender, mail.to, mail.subject, mail.reference, product)
    made["Date"] = format_datetime(mail.at)
    if answered := list(filter(PLAIN_ID.fullmatch, mail.answers)):
        made["In-Reply-To"] = f"<{answered[0]}>"
        made["References"] = " ".join(f"<{one}>" for one in reversed(answered))
    made["Disposition-Notification-To"] = addressed(sender)
    made.set_content(mail.text or "\n", cte="quoted-printable")
    for name, mime, content in _files(mail, editor, submission):
        main, _, sub = mime.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    if made.is_multipart():
        made.set_boundary(f"=_{plain_word(mail.reference)}")
    raw = written(made)
    if len(raw) > MAX_SENT_BYTES:
        raise ValueError(f"the mail exceeds {MAX_SENT_BYTES} bytes")
    return raw


def build_receipt(receipt: ReadReceipt, *, sender: str, product: str) -> bytes:
    """An MDN (RFC 8098 section 3) of a message that a person opened. Raises ValueError likewise."""
    made = _begun(sender, receipt.to, SEEN_SUBJECT, receipt.reference, product)
    made["Date"] = format_datetime(receipt.at)
    made["Auto-Submitted"] = "auto-replied"
    if not PLAIN_ID.fullmatch(receipt.original):
        raise ValueError("a Message-ID cannot be written into a mail")
    made["In-Reply-To"] = f"<{receipt.original}>"
    made.set_content(SEEN, cte="quoted-printable")
    made.make_mixed()
    told = EmailMessage(policy=LINES)
    told["Content-Type"] = DISPOSITION
    told.set_payload(
        f"Reporting-UA: {domain_of(sender)}; {plain_word(product)}\r\n"
        f"Final-Recipient: rfc822;{addressed(sender)}\r\n"
        f"Original-Message-ID: <{receipt.original}>\r\n"
        "Disposition: manual-action/MDN-sent-automatically; displayed\r\n"
    )
    made.attach(told)
    made.replace_header("Content-Type", "multipart/report")
    made.set_param("report-type", "disposition-notification")
    made.set_boundary(f"=_{plain_word(receipt.reference)}")
    return written(made)


def _begun(sender: str, to: str, subject: str, reference: str, product: str) -> EmailMessage:
    made = EmailMessage(policy=LINES)
    made["From"] = addressed(sender)
    made["To"] = addressed(to)
    entitle(made, one_line(subject) or "-")
    made["Message-ID"] = f"<{plain_word(reference)}@{domain_of(sender)}>"
    made["X-MSS-NIL"] = plain_word(product)
    return made


def _files(mail: PatientMail, editor: Editor, submission: Submission) -> Iterator[File]:
    clinical = [one for one in mail.documents if one[0].mime_type in CDA_TYPES]
    if clinical:
        archive = pack(clinical, submission, editor=editor, at=mail.at)
        yield ARCHIVE_NAME, "application/zip", archive
        yield from ((name, "application/pdf", content) for name, content in copies_of(clinical))
    yield from _others([one for one in mail.documents if one[0].mime_type not in CDA_TYPES])


def _others(documents: Sequence[tuple[Document, bytes]]) -> Iterator[File]:
    given: set[str] = set()
    for number, (document, body) in enumerate(documents, 1):
        name = name_of(document)
        name = f"{name}_{number}" if name in given else name
        given.add(name)
        mime = document.mime_type if document.mime_type in ENDINGS else "application/octet-stream"
        yield name + ENDINGS.get(mime, ".bin"), mime, body

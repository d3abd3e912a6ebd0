"""A document as a MSSanté mail to one recipient (XDM_HL7V2 section B1, MSSANTE section 5.1).

Built with email.policy, never by joining strings; the patient is read in METADATA.XML, the
subject only shows. What a document says reaches a header as printed letters only: the standard
library reads encoded words in a value that it is given, and writes the line ends they hold.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from gateway.mapping.identity import in_capitals
from gateway.mapping.xdm.write import Editor, pack
from gateway.mssante.copies import copies_of
from gateway.records.documents.document import Action, Document
from gateway.records.intake.understanding import Submission
from gateway.records.messages.outgoing_mail import OutgoingNotice

LINES = SMTP.clone(max_line_length=76)
"""RFC 2045 section 6.7 and RFC 2047 section 2: no more letters a line, its end not counted."""
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)
MAX_ADDRESS = 254
MAX_WORD = 60
"""Letters of a word that a line of a header surely has room for."""
MAX_SENT_BYTES = 25_000_000
MAX_LABEL = 40
ARCHIVE_NAME = "IHE_XDM.ZIP"
PREFIX = "XDM/1.0/DDM+"
BODIES = {
    Action.CREATE: "Veuillez trouver ci-joint un document de santé.",
    Action.UPDATE: "Veuillez trouver ci-joint un document de santé.",
    Action.REPLACE: "Veuillez trouver ci-joint un document de santé qui remplace le précédent.",
    Action.DELETE: "Le document de santé ci-joint est à supprimer.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that one mail says. `to` is one recipient.

    `product` is the reference of the product (X-MSS-NIL), `last_word` that the patient may not
    answer (X-MSS-MES: FIN), `body` what CORPSMAIL brought, or "" for our own words,
    `read_receipt` that the recipient's program is asked for an MDN (ECO.2.3.2).
    """

    message_id: str
    sender: str
    to: str
    at: datetime
    documents: Sequence[tuple[Document, bytes]]
    submission: Submission
    editor: Editor
    product: str
    reply_to: str | None = None
    body: str = ""
    last_word: bool = False
    read_receipt: bool = False


def build_mail(letter: Letter) -> bytes:
    """The message as it is handed to the relay, CRLF; copies are left out where it would be too
    large with them.

    Raises ValueError where an address or the size cannot be sent.
    """
    copies = tuple(copies_of(letter.documents))
    raw = _built(letter, copies)
    if copies and len(raw) > MAX_SENT_BYTES:
        raw = _built(letter, ())
    if len(raw) > MAX_SENT_BYTES:
        raise ValueError(f"the mail exceeds {MAX_SENT_BYTES} bytes")
    return raw


def _built(letter: Letter, copies: Sequence[tuple[str, bytes]]) -> bytes:
    documents = [document for document, _ in letter.documents]
    mail = EmailMessage(policy=LINES)
    mail["From"] = addressed(letter.sender)
    mail["To"] = addressed(letter.to)
    if letter.reply_to:
        mail["Reply-To"] = addressed(letter.reply_to)
    entitle(mail, subject_of(documents))
    mail["Date"] = format_datetime(letter.at)
    unique = plain_word(letter.message_id.partition("@")[0])
    mail["Message-ID"] = f"<{unique}@{domain_of(letter.sender)}>"
    _add_wishes(mail, letter, documents)
    action = documents[0].action if documents else Action.CREATE
    mail.set_content(letter.body or BODIES[action], cte="quoted-printable")
    archive = pack(
        letter.documents,
        letter.submission,
        editor=letter.editor,
        at=letter.at,
        sender=next((author for one in documents for author in one.authors), None),
    )
    mail.add_attachment(archive, maintype="application", subtype="zip", filename=ARCHIVE_NAME)
    for name, content in copies:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    mail.set_boundary(f"=_{unique}")  # not drawn: the same mail again is the same bytes
    return written(mail)


def build_notice(notice: OutgoingNotice, *, sender: str, product: str) -> bytes:
    """A mail of words alone, as it is handed to the relay. Raises ValueError as `build_mail`."""
    mail = EmailMessage(policy=LINES)
    mail["From"] = addressed(sender)
    mail["To"] = addressed(notice.to)
    entitle(mail, one_line(notice.subject))
    mail["Date"] = format_datetime(notice.at)
    mail["Message-ID"] = f"<{plain_word(notice.reference)}@{domain_of(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's program answers it
    mail["X-MSS-NIL"] = plain_word(product)
    mail.set_content(notice.body, cte="quoted-printable")
    return written(mail)


def written(mail: EmailMessage) -> bytes:
    """Raises ValueError where its header is not the fields that were set, each of them once."""
    raw = mail.as_bytes()
    head = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in head.splitlines()]
    if names != mail.keys():
        raise ValueError("a value cannot be written into a mail")
    return raw


def _add_wishes(mail: EmailMessage, letter: Letter, documents: Sequence[Document]) -> None:
    """The headers of MSSanté (MSSANTE section 5.1)."""
    codes = dict.fromkeys(plain_word(one.type_code or "") for one in documents)
    if any(codes):
        mail["X-MSS-CODECDA"] = ",".join(filter(None, codes))
    mail["X-MSS-INS"] = "O" if all(one.patient.traits_complete for one in documents) else "N"
    mail["X-MSS-NIL"] = plain_word(letter.product)
    if letter.last_word:
        mail["X-MSS-MES"] = "FIN"
    if letter.read_receipt:
        mail["Disposition-Notification-To"] = addressed(letter.sender)


def subject_of(documents: Sequence[Document]) -> str:
    """`XDM/1.0/DDM+<label> <NAME> <given> <DD/MM/YYYY>`; the date only where it is whole."""
    first = documents[0]
    label = first.type_display or first.title or "document"
    if len(documents) > 1:
        label = f"{len(documents)} documents"
    patient = first.patient
    words = [label[:MAX_LABEL].strip(), in_capitals(patient.birth_family or "")]
    words.append(in_capitals(patient.birth_given or "").title())
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", patient.birth_date or ""):
        words.append(f"{found[3]}/{found[2]}/{found[1]}")
    return PREFIX + " ".join(one_line(word) for word in words if word)


def addressed(text: str) -> str:
    if len(text) > MAX_ADDRESS or "=?" in text or not ADDRESS.fullmatch(text):
        raise ValueError("an address cannot be written into a mail")
    return text


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def plain_word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "", text)


def entitle(mail: EmailMessage, subject: str) -> None:
    """Encoded by ourselves: given a Subject as it reads, the library takes encoded words in it for
    its own, and drops blanks between two that it makes."""
    is_short = max(map(len, subject.split())) < MAX_WORD
    charset = "us-ascii" if is_short and subject.isascii() and "=?" not in subject else "utf-8"
    made = Header(subject, charset, maxlinelen=LINES.max_line_length, header_name="Subject")
    mail.set_raw("Subject", made.encode(linesep="\r\n"))


def one_line(text: str) -> str:
    """Printed letters, and one blank between words."""
    printed = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printed.split())

"""What `mapping` made of one input: the answer of `gateway inspect`, and what flows file."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.records.correspondence.letter import Letter
from gateway.records.documents.document import Document
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.messages.mail_report import MailReport
from gateway.records.messages.message import Message


class Format(StrEnum):
    CDA = "cda"
    HL7V2 = "hl7v2"
    FHIR = "fhir"
    XDM = "xdm"
    XDS = "xds"
    MAIL = "mail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """XDS SubmissionSet: `patient_id` is "oid^id", `time` ISO 8601 UTC."""

    unique_id: str | None = None
    source_id: str | None = None
    patient_id: str | None = None
    time: str | None = None
    content_type: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a document's own bytes stand in the input: `raw[start:stop]`, base64 or as they are.

    The store keeps the bytes once: it cuts the piece out of the raw input and puts it back when
    the raw input is asked for. Only canonical base64 may be a piece (padded, no white space).
    """

    start: int
    stop: int
    base64: bool


@dataclass(frozen=True, slots=True)
class Content:
    """The own bytes of one document, the words of its narrative, and its place in the input.

    `words` is plain text for the patient's search, which folds it; None where a search reads it
    in the body (`mapping.results.words_in`); `piece` None where the bytes cannot be cut out (a
    member of an archive).
    """

    body: bytes
    words: str | None = ""
    piece: Piece | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """One message or document, understood purely: no store was asked, so no account is known.

    `documents`, `contents` and `observations` run in parallel: one content and one sequence of
    results a document. `results` counts all results, also where no document was made.
    `index` is the place in a batch of messages, `raw` the bytes of this one message where the
    input held several. `report` is there for a receipt that answers a mail of ours, `written_as`
    for a mail that has a Message-ID, what names it through whatever relay it comes, and for a lot
    (XDS), what it says however it is packed. `signed_by` is the certificate, in DER, of the
    signature of a lot that holds; whose it is nobody has asked yet. `letter` is what a mail says to
    whom it is for, beside its documents.
    """

    format: Format
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    message: Message | None = None
    submission: Submission | None = None
    documents: tuple[Document, ...] = ()
    contents: tuple[Content, ...] = ()
    observations: tuple[Sequence[Observation], ...] = ()
    results: int = 0
    index: int = 0
    raw: bytes | None = None
    report: MailReport | None = None
    written_as: str | None = None
    signed_by: bytes | None = None
    letter: Letter | None = None

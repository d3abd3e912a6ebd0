"""Mails that carry documents (référentiel socle MSSanté #2, ECO.2.1 to 2.4; RFC 5321, 5322)."""

import re
from collections.abc import Iterable

from conformance.requirement import Level, Volet
from conformance.sender.archive import read_archive
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.judges.patient import MATRICULE
from conformance.sender.subjects import Document, Mail

ECO = "Référentiel socle MSSanté #2"
MAIL = Rules[Mail](Volet.MAIL, "RFC 5322")
XDM = Rules[Mail](Volet.MAIL, f"{ECO}, ECO.2.1", lambda one: bool(one.archives))
SUBJECT = re.compile(r"(\[[^\]]+\] )?XDM/1\.0/DDM\+\S.*")
PATIENTS = "@patient.mssante.fr"
MES_BYTES = 25_000_000
BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)|\0")


def documents(one: Mail) -> list[Document]:
    return [
        entry.document
        for raw in one.archives
        for entry in read_archive(raw).entries
        if entry.document is not None
    ]


def to_patient(one: Mail) -> bool:
    return any(box.endswith(PATIENTS) for box in one.recipients)


@MAIL.asks(
    "S-SMTP-01",
    "Lines end with CRLF",
    fix="No bare CR or LF, no NUL in the content.",
    source="RFC 5321, 2.3.8",
)
def line_ends(one: Mail) -> Iterable[Fault]:
    if BARE.search(one.raw):
        yield Fault("content", "a bare CR or LF, or a NUL")


@MAIL.asks(
    "S-SMTP-02",
    "Lines have at most 998 characters",
    fix="Encode long lines in base64 or quoted-printable.",
    source="RFC 5322, 2.1.1",
)
def line_length(one: Mail) -> Iterable[Fault]:
    longest = max((len(line) for line in one.raw.split(b"\r\n")), default=0)
    if longest > 998:
        yield Fault("content", f"a line of {longest} characters")


@MAIL.asks(
    "S-SMTP-03",
    "Date, From and Message-ID are there once",
    fix="Write each header once.",
    source="RFC 5322, 3.6",
)
def headers(one: Mail) -> Iterable[Fault]:
    for name in ("Date", "From", "Message-ID"):
        count = len(one.message.get_all(name) or [])
        if count != 1:
            yield Fault(name, f"stands {count} times", 101)


@MAIL.asks(
    "S-SMTP-04",
    "From is the sender of the envelope",
    fix="One mailbox: that of the application or the professional.",
    source="RFC 5321, 2.3.1; MSSanté",
    level=Level.SHOULD,
)
def same_sender(one: Mail) -> Iterable[Fault]:
    domain = one.sender.rpartition("@")[2].lower()
    if one.sender and domain not in one.header("From").lower():
        yield Fault("From", "another domain than that of MAIL FROM")


@MAIL.asks(
    "ECO.2.4.3",
    "X-MSS-NIL names the product on every mail",
    fix="Write the reference of convergence.esante.gouv.fr.",
    source=f"{ECO}, ECO.2.4.3",
)
def product(one: Mail) -> Iterable[Fault]:
    if not one.header("X-MSS-NIL"):
        yield wrong("X-MSS-NIL", "", "the product's reference")


@MAIL.asks(
    "ECO.2.2.3",
    "Texts are UTF-8",
    fix="charset=utf-8 for every text part.",
    source=f"{ECO}, ECO.2.2.3",
)
def texts(one: Mail) -> Iterable[Fault]:
    for part in one.message.walk():
        charset = part.get_content_charset()
        if part.get_content_maintype() == "text" and charset not in ("utf-8", "us-ascii"):
            yield wrong("Content-Type", charset or "", "charset=utf-8")


@MAIL.asks(
    "ECO.2.1",
    "A mail with documents has exactly one IHE_XDM.ZIP",
    fix="Attach one archive called IHE_XDM.ZIP.",
    source=f"{ECO}, ECO.2.1",
    applies=lambda one: one.header("Subject").startswith("XDM/") or bool(one.archives),
)
def one_archive(one: Mail) -> Iterable[Fault]:
    if len(one.archives) != 1:
        yield Fault("attachments", f"{len(one.archives)} called IHE_XDM.ZIP", 198)


@XDM.asks(
    "ECO.2.1.1",
    "One mail, one patient",
    fix="One patient in the archive and in the recipients.",
    source=f"{ECO}, ECO.2.1.1",
)
def one_patient(one: Mail) -> Iterable[Fault]:
    people = {document.ins for document in documents(one)}
    boxes = {box.removesuffix(PATIENTS) for box in one.recipients if box.endswith(PATIENTS)}
    if len(people) > 1 or len(boxes) > 1:
        yield Fault("IHE_XDM.ZIP", "more than one patient", 207, 904)
    elif boxes and people and boxes != people:
        yield Fault("RCPT TO", "the mailbox of another patient than that of the archive", 207, 904)


@XDM.asks(
    "ECO.2.1.3",
    "The subject is XDM/1.0/DDM+label NAME given",
    fix="XDM/1.0/DDM+, the label cut at 40, NAME in capitals.",
    source=f"{ECO}, ECO.2.1 (objet)",
)
def subject(one: Mail) -> Iterable[Fault]:
    if not SUBJECT.fullmatch(one.header("Subject")):
        yield Fault("Subject", "not XDM/1.0/DDM+label NAME given [DD/MM/YYYY]")


@XDM.asks(
    "ECO.2.1.5",
    "Each document comes as PDF too",
    fix="Attach one PDF/A-1 for each CDA of the archive.",
    source=f"{ECO}, ECO.2.1.5 and 2.1.6",
)
def copies(one: Mail) -> Iterable[Fault]:
    pdfs = sum(body.startswith(b"%PDF-") for _, _, body in one.files)
    if pdfs < len(documents(one)):
        yield Fault("attachments", f"{pdfs} PDF for {len(documents(one))} documents", 198)


@XDM.asks(
    "ECO.2.4.1",
    "X-MSS-CODECDA lists the types of the documents",
    fix="Write the codes of the CDAs, with commas.",
    source=f"{ECO}, ECO.2.4.1",
)
def types(one: Mail) -> Iterable[Fault]:
    said = {code.strip() for code in one.header("X-MSS-CODECDA").split(",")} - {""}
    wanted = {document.attribute("code", "code") for document in documents(one)}
    if said != wanted:
        yield wrong("X-MSS-CODECDA", ",".join(sorted(said)), ",".join(sorted(wanted)))


@XDM.asks(
    "ECO.2.4.2",
    "X-MSS-INS says whether the INS is qualified",
    fix="O when number, OID and traits are in the CDA, else N.",
    source=f"{ECO}, ECO.2.4.2",
)
def qualified(one: Mail) -> Iterable[Fault]:
    value = one.header("X-MSS-INS")
    if value not in ("O", "N"):
        yield wrong("X-MSS-INS", value, "O or N", 103)
    elif value == "O" and not all(document.ins for document in documents(one)):
        yield Fault("X-MSS-INS", "O, and a document without INS", 207, 903)


@MAIL.asks(
    "ECO.2.2.6",
    "The patient's mailbox is a matricule",
    fix="15 characters, key included, of a qualified INS.",
    source=f"{ECO}, ECO.2.2.6",
    applies=to_patient,
)
def mailbox(one: Mail) -> Iterable[Fault]:
    for box in one.recipients:
        if box.endswith(PATIENTS) and not MATRICULE.fullmatch(box.removesuffix(PATIENTS)):
            yield Fault("RCPT TO", "a local part that is no matricule")


@MAIL.asks(
    "ECO.2.2.8",
    "X-MSS-MES is FIN or absent, and only to a patient",
    fix="Write FIN to end the talk with a patient.",
    source=f"{ECO}, ECO.2.2.8",
    applies=lambda one: bool(one.header("X-MSS-MES")),
)
def end(one: Mail) -> Iterable[Fault]:
    if one.header("X-MSS-MES") != "FIN" or not to_patient(one):
        yield wrong("X-MSS-MES", one.header("X-MSS-MES"), "FIN, to a patient", 103)


@MAIL.asks(
    "S-MES-01",
    "A mail to a patient has at most 25 MB",
    fix="Send less: the whole mail counts, in base64.",
    source="CNAM, ENS Messagerie §6",
    applies=to_patient,
)
def size(one: Mail) -> Iterable[Fault]:
    if len(one.raw) > MES_BYTES:
        yield Fault("content", f"{len(one.raw)} bytes, at most {MES_BYTES}")

"""The mail that carries an archive (référentiel socle MSSanté #2, ECO.2.1 to 2.4)."""

from email.message import EmailMessage

from conformance.made.cda import Paper
from conformance.made.pdf import pdf

ARCHIVE = "IHE_XDM.ZIP"


def mail(
    paper: Paper, archive: bytes, *, sender: str, mailbox: str, name: str = ARCHIVE
) -> EmailMessage:
    """To one patient; without an archive when `archive` is empty."""
    who = paper.who
    born = f"{who.birth[6:]}/{who.birth[4:6]}/{who.birth[:4]}"
    made = EmailMessage()
    made["From"], made["To"] = sender, mailbox
    made["Message-ID"] = f"<{paper.id}@kit.exemple.test>"
    made["Date"] = "Thu, 15 Jan 2026 10:15:00 +0100"
    made["Subject"] = f"XDM/1.0/DDM+{paper.display[:40]} {who.family} {who.given} {born}"
    made["X-MSS-INS"], made["X-MSS-CODECDA"] = "O", paper.type
    made["X-MSS-NIL"] = "KIT-CONFORMITE"
    made.set_content("Un document fictif est joint.\n", charset="utf-8")
    if archive:
        made.add_attachment(archive, maintype="application", subtype="zip", filename=name)
        made.add_attachment(
            pdf(f"Document {paper.id}"),
            maintype="application",
            subtype="pdf",
            filename=f"20260115_CR_{who.family}_{who.given}.pdf",
        )
    return made


def written(made: EmailMessage) -> bytes:
    """With CRLF, as it goes over the wire."""
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

"""Delivery and read receipts as mail servers and mail programs write them (RFC 3464, RFC 8098)."""

from collections.abc import Sequence
from email import message_from_bytes

BOUNDARY = "=_receipt"


def report(kind: str, parts: Sequence[tuple[str, str]], *, to: str = "us@ours.mssante.fr") -> bytes:
    """A multipart/report; `parts` are (Content-Type, text)."""
    head = [
        "From: MAILER-DAEMON@exemple.mssante.fr (Mail Delivery System)",
        f"To: {to}",
        "Subject: Receipt",
        "Date: Thu, 15 Jan 2026 10:15:00 +0100",
        "Message-ID: <r1@exemple.mssante.fr>",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="{BOUNDARY}"',
        "",
    ]
    for type_, text in parts:
        head += [f"--{BOUNDARY}", f"Content-Type: {type_}", "", text]
    return "\r\n".join([*head, f"--{BOUNDARY}--", ""]).encode()


def dsn(
    original: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 No such mailbox",
    header_only: bool = False,
    to: str = "us@ours.mssante.fr",
    date: str = "",
    envelope: str = "",
) -> bytes:
    """`original` is the Message-ID of the mail that it is about, `date` its Date, `envelope` the
    ENVID that it came with."""
    fields = [
        "Reporting-MTA: dns; exemple.mssante.fr",
        *([f"Original-Envelope-Id: {envelope}"] if envelope else []),
        "",
        "Final-Recipient: rfc822; dr@exemple.mssante.fr",
        f"Action: {action}",
        f"Status: {status}",
        *([f"Diagnostic-Code: {diagnostic}"] if diagnostic else []),
        "",
    ]
    headers = f"From: us@ours.mssante.fr\r\nMessage-ID: {original}\r\nSubject: x\r\n"
    headers += f"Date: {date}\r\n" if date else ""
    enclosed = (
        ("text/rfc822-headers", headers)
        if header_only
        else ("message/rfc822", f"{headers}\r\nBody\r\n")
    )
    parts = [
        ("text/plain", "It did not work."),
        ("message/delivery-status", "\r\n".join(fields)),
        enclosed,
    ]
    return report("delivery-status", parts, to=to)


def mdn(
    original: str,
    *,
    disposition: str = "manual-action/MDN-sent-manually; displayed",
    error: str = "",
    to: str = "us@ours.mssante.fr",
) -> bytes:
    fields = [
        "Reporting-UA: exemple; lps",
        "Final-Recipient: rfc822; dr@exemple.mssante.fr",
        *([f"Original-Message-ID: {original}"] if original else []),
        f"Disposition: {disposition}",
        *([f"Error: {error}"] if error else []),
        "",
    ]
    parts = [
        ("text/plain", "It was read."),
        ("message/disposition-notification", "\r\n".join(fields)),
    ]
    return report("disposition-notification", parts, to=to)


def error_mail(
    original: str, *, subject: str = "[KO Int=C3=A9gration syst=C3=A8me_!][902] XDM/1.0/DDM+CR"
) -> bytes:
    """What software writes to the sender of a mail that it cannot take in (MSSANTE 5.3)."""
    encoded = subject if "KO" not in subject else f"=?utf-8?q?{subject.replace(' ', '_')}?="
    head = [
        "From: lps@exemple.mssante.fr",
        "To: us@ours.mssante.fr",
        f"Subject: {encoded}",
        "Message-ID: <ko1@exemple.mssante.fr>",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"',
        "",
        f"--{BOUNDARY}",
        "Content-Type: text/plain",
        "",
        "902 Identifiant de patient inconnu",
        f"--{BOUNDARY}",
        "Content-Type: message/rfc822",
        "",
        f"From: us@ours.mssante.fr\r\nMessage-ID: {original}\r\nSubject: x\r\n\r\nBody\r\n",
        f"--{BOUNDARY}--",
        "",
    ]
    return "\r\n".join(head).encode()


def message_id(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"])

"""A message written anew from what is kept of it, as a file to keep (RFC 5322, RFC 2045).

Nothing of the mail that came is handed on as it stood: its words are plain, its files are those
that are given, under names of ours, and all is in base64: no line of it can be a boundary.
"""

from base64 import encodebytes
from collections.abc import Iterator
from email.header import Header
from email.utils import encode_rfc2231, format_datetime, formataddr

from gateway.mapping.files.archive.names import EXTENSIONS, safe
from gateway.mapping.mail.letter import NO_TYPE
from gateway.records.correspondence.conversation import Way
from gateway.records.correspondence.letter import KeptMail
from gateway.records.duration import PARIS

LINE, LINES_AT_ONCE = 57, 4_096
"""Bytes that make one line of base64, and how many lines are made together."""
END = "\r\n"
UTF_8 = "utf-8"


def head_of(mail: KeptMail, *, name: str, box: str) -> bytes:
    """Its header, before the first part; `name` and `box` are those of whose record it is, for what
    a message that left names by whom it was written."""
    letter, came = mail.letter, mail.way is Way.IN
    sender = (letter.display, letter.sender) if came else (mail.by_name or name, box)
    to = (name, box) if came else ("", mail.to)
    lines = [
        f"From: {_address(*sender)}",
        f"To: {_address(*to)}",
        f"Date: {format_datetime(mail.at.astimezone(PARIS))}",
        "Subject: "
        + Header(_line(letter.subject), UTF_8, header_name="Subject").encode(linesep=END),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{_boundary(mail)}"',
    ]
    if letter.message_id:
        lines.append(f"Message-ID: <{_line(letter.message_id)}>")
    if letter.answers:
        lines.append(f"In-Reply-To: <{_line(letter.answers[0])}>")
        named = (f"<{_line(one)}>" for one in reversed(letter.answers))
        lines.append("References: " + f"{END} ".join(named))
    if came and letter.reply_to:
        lines.append(f"Reply-To: {_address('', letter.reply_to)}")
    return (END.join(lines) + END + END).encode("ascii")


def words_of(mail: KeptMail, text: str) -> Iterator[bytes]:
    """The part that is read."""
    said = text.replace("\n", END).encode(UTF_8, "replace")
    yield from _part(mail, f"Content-Type: text/plain; charset={UTF_8}", said)


def file_of(mail: KeptMail, name: str, mime_type: str, body: bytes) -> Iterator[bytes]:
    """A part that is saved: its name can be kept by any system, its type is one that we know."""
    extension = EXTENSIONS.get(mime_type, "bin")
    kind = mime_type if mime_type in EXTENSIONS else NO_TYPE
    called = safe(name.removesuffix(f".{extension}"))
    said = encode_rfc2231(f"{called}.{extension}", UTF_8)
    lines = f"Content-Type: {kind}{END}Content-Disposition: attachment; filename*={said}"
    yield from _part(mail, lines, body)


def end_of(mail: KeptMail) -> bytes:
    return f"--{_boundary(mail)}--{END}".encode("ascii")


def _part(mail: KeptMail, header: str, body: bytes) -> Iterator[bytes]:
    encoding = "Content-Transfer-Encoding: base64"
    yield f"--{_boundary(mail)}{END}{header}{END}{encoding}{END}{END}".encode("ascii")
    for first in range(0, len(body), LINE * LINES_AT_ONCE):
        some = encodebytes(body[first : first + LINE * LINES_AT_ONCE])
        yield some.replace(b"\n", b"\r\n")


def _boundary(mail: KeptMail) -> str:
    return f"=_{mail.id}"


def _address(name: str, address: str) -> str:
    return formataddr((_line(name), _line(address).encode("ascii", "replace").decode()))


def _line(text: str) -> str:
    """No header goes on in another line but by our hand."""
    return " ".join(text.encode(UTF_8, "replace").decode().split())

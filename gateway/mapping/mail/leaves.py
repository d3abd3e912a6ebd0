"""The leaves of a MIME tree: what a mail brings, decoded."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail

FORKS = "application/applefile"
"""The half of a multipart/appledouble that is of the Macintosh alone, named as the other."""
ENCODING = re.compile(r"(?<![\w-])(?:base64|quoted-printable|x-uuencode|uuencode)(?![\w-])", re.I)
"""Beside which comments, quotes and blanks stand."""
OF_DOMAIN_NAMES = frozenset({"punycode", "idna"})
"""Codecs that no text is written in: the library's takes the square of the length."""


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the MIME tree: bare type, file name without folders, decoded bytes; `charset` as it
    is written, `is_file` where it says so itself (Content-Disposition: attachment)."""

    mime_type: str
    name: str
    body: bytes
    charset: str = ""
    is_file: bool = False


def leaves(mail: Mail) -> Iterator[Part]:
    """Leaves in order; what stands inside an attached mail is not this mail's."""
    if mail.get_content_maintype() == "message":
        return
    if mail.is_multipart():
        for part in mail.get_payload():
            if isinstance(part, Mail):
                yield from leaves(part)
        return
    mime_type = mail.get_content_type().partition("(")[0].strip()
    if mime_type == FORKS:
        return
    if encoding := ENCODING.search(str(mail.get("Content-Transfer-Encoding") or "")):
        mail.replace_header("Content-Transfer-Encoding", encoding[0])  # decoded by its name alone
    body = mail.get_payload(decode=True)
    name = in_words(mail.get_filename() or "").replace("\\", "/").rpartition("/")[2].strip()
    yield Part(
        mime_type,
        name,
        body if isinstance(body, bytes) else b"",
        str(mail.get_param("charset") or ""),
        mail.get_content_disposition() == "attachment",
    )


def in_words(text: str) -> str:
    """With its encoded words decoded. RFC 2047 section 5 forbids them in a file name, mail programs
    write them all the same."""
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
        if not all(is_of_texts(charset) for _, charset in pieces if charset):
            return text
        return str(make_header(pieces))
    except (HeaderParseError, ValueError, LookupError):
        return text


def is_of_texts(charset: str) -> bool:
    """Whether a text is decoded by it, in a time that grows with its length. Raises LookupError for
    one that is not known."""
    return codecs.lookup(charset).name not in OF_DOMAIN_NAMES

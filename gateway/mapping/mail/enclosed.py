"""The parts of a receipt as fields and texts, in whatever encoding they travelled.

RFC 6522 asks for parts as they are; servers encode them all the same (a header with an accent in
it, a whole status in base64), and the standard library reads fields as they stand.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.policy import compat32
from itertools import islice
from quopri import decodestring

DELIVERY = ("message/delivery-status", "message/global-delivery-status")
DISPOSITION = ("message/disposition-notification", "message/global-disposition-notification")
ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
REPORT, WRAPPERS = "multipart/report", ("multipart/mixed", "multipart/signed")
SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
EMPTY_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
MESSAGE_ID = re.compile(r"(?im)^message-id:\s*(\S{1,400})")
DATE = re.compile(r"(?im)^date:[ \t]*(\S.{0,100})$")
MAX_TEXT_BYTES, MAX_GROUPS = 100_000, 200


def report_in(mail: Mail) -> Mail | None:
    """The report that the mail is, also behind a footer or inside a signature; never one of a mail
    that is enclosed, nor beside files."""
    if mail.get_content_type() == REPORT:
        return mail
    if mail.get_content_type() not in WRAPPERS or not mail.is_multipart():
        return None
    parts = [part for part in mail.get_payload() if isinstance(part, Mail)]
    inside = [(part, report_in(part)) for part in parts]
    reports = [found for _, found in inside if found is not None]
    others = [part for part, found in inside if found is None]
    return reports[0] if len(reports) == 1 and all(map(_is_beside, others)) else None


def _is_beside(part: Mail) -> bool:
    return part.get_content_maintype() == "text" or part.get_content_type() in SIGNATURES


def groups(part: Mail) -> list[Mail]:
    """The groups of fields of a status or notification, an empty line between each two."""
    pieces = EMPTY_LINE.split(_bytes_of(part), MAX_GROUPS)
    return [_fields(piece) for piece in map(bytes.strip, pieces[:MAX_GROUPS]) if piece]


def originals(parts: list[Mail]) -> Iterator[tuple[str, str]]:
    """Message-ID and Date of the original that is enclosed, whole or its header alone."""
    for part in parts:
        if part.get_content_type() not in ORIGINALS:
            continue
        if not _is_encoded(part) and part.is_multipart():
            inner = part.get_payload(0)
            if isinstance(inner, Mail):
                yield words(inner, "Message-ID"), words(inner, "Date")
            continue
        yield from named_in(text_of(part))


def named_in(text: str) -> Iterator[tuple[str, str]]:
    """The same of what stands as text."""
    date = DATE.search(text)
    for found in islice(MESSAGE_ID.finditer(text), MAX_GROUPS):
        yield found[1], date[1].strip() if date else ""


def text_of(part: Mail) -> str:
    return _bytes_of(part).decode("utf-8", "replace")


def words(fields: Mail, name: str) -> str:
    return " ".join(str(fields.get(name) or "").split())[:1_000]


def _fields(piece: bytes) -> Mail:
    return BytesHeaderParser(policy=compat32).parsebytes(piece + b"\n\n")


def _is_encoded(part: Mail) -> bool:
    return _encoding(part) in ("base64", "quoted-printable")


def _encoding(part: Mail) -> str:
    return str(part.get("Content-Transfer-Encoding") or "").split(";")[0].strip().lower()


def _bytes_of(part: Mail) -> bytes:
    """What stands in the part, its beginning; of one that is badly encoded, as it is."""
    payload = part.get_payload()
    if isinstance(payload, list):
        first = payload[:MAX_GROUPS]
        inner = (one.as_bytes().strip() for one in first if isinstance(one, Mail))
        raw = b"\n\n".join(inner)
    else:
        raw = str(payload).encode("utf-8", "surrogateescape")
    raw = raw[: 2 * MAX_TEXT_BYTES]
    if _encoding(part) == "quoted-printable":
        raw = decodestring(raw)
    elif _encoding(part) == "base64":
        try:
            raw = b64decode(raw[: len(raw) - len(raw) % 4] if len(raw) > MAX_TEXT_BYTES else raw)
        except binascii.Error:
            return raw[:MAX_TEXT_BYTES]
    return raw[:MAX_TEXT_BYTES]

"""What a mail may cost before its parser sees it: the standard library reads the parameters of a
header, and the parts of a body, in more than a step for each.

A parameter of a content header is cut off the rest at every step, so that a long header takes the
square of its length; a part is a message of its own.
"""

import re

from gateway.records.intake.finding import Finding, Severity

MAX_MAIL_BYTES = 26_214_400
MAX_PARTS = 40
MAX_HEADERS = 1_000
MAX_FIELD_BYTES = 16_384
"""Of a header with parameters, all its lines together; a file name has 255 bytes."""
MAX_LINES = 600_000
"""The largest mail in lines of base64 has 350,000; its parser takes a microsecond for each."""
MAX_BOUNDARIES = 1_000
"""Lines that begin as one that parts a body; a rule of hyphens in a text does too."""
STATUS, EMPTY_LINES = b"delivery-status", (b"\n\r\n", b"\n\n")
MAX_EMPTY_LINES = 5_000
"""Where there is a status: the standard library makes a message of each of its groups."""
NESTING = (b"boundary", b"message/")
PARAMETERS = re.compile(rb"content-(?:type|disposition)[ \t]*:")
END = re.compile(rb"(?>\r\n|\r|\n)(?![ \t])")
EMPTY_LINE = re.compile(rb"(?>\r\n|\r|\n){2}")
NAMED = re.compile(rb"boundary")
BOUNDARY = re.compile(rb"boundary[ \t]*=[ \t\r\n]*(?:\"([^\"\r\n]{1,80})\"|([^\s;\"]{1,80}))", re.I)


def too_much(raw: bytes) -> Finding | None:
    """Checked before parsing: the parser of nested parts is recursive."""
    if len(raw) > MAX_MAIL_BYTES:
        return _error("mail-too-big", "/", f"Send at most {MAX_MAIL_BYTES} bytes.")
    if _lines(raw) > MAX_LINES:
        return _error("mail-lines", "/", f"Send at most {MAX_LINES} lines.")
    lowered = raw.lower()
    if STATUS in lowered and sum(map(lowered.count, EMPTY_LINES)) > MAX_EMPTY_LINES:
        return _error(
            "mail-lines", "/", f"Send at most {MAX_EMPTY_LINES} empty lines in a receipt."
        )
    nested = any(lowered.count(word) > 2 * MAX_PARTS for word in NESTING)
    if nested or sum(map(raw.count, _boundaries(raw, lowered))) > MAX_BOUNDARIES:
        return _error("mail-parts", "MIME", "Send fewer and flatter parts.")
    if _lines(EMPTY_LINE.split(raw, maxsplit=1)[0]) > MAX_HEADERS:
        return _error("mail-headers", "/", f"Send at most {MAX_HEADERS} header lines.")
    if any(_is_long(lowered, found) for found in PARAMETERS.finditer(lowered)):
        message = f"Write a Content-Type or Content-Disposition in {MAX_FIELD_BYTES} bytes."
        return _error("mail-headers", "/", message)
    return None


def _lines(raw: bytes) -> int:
    """As the parser ends them: at CR, LF and both."""
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")


def _boundaries(raw: bytes, lowered: bytes) -> set[bytes]:
    """The lines by which the headers say that they part a body; their case matters."""
    places = (found.start() for found in NAMED.finditer(lowered))
    read = (BOUNDARY.match(raw, at) for at in places)
    return {b"\n--" + (found[1] or found[2]) for found in read if found}


def _is_long(lowered: bytes, found: re.Match[bytes]) -> bool:
    """Whether a header begins there, and how far it goes on over its lines."""
    if found.start() and lowered[found.start() - 1] not in b"\r\n":
        return False
    most = found.start() + MAX_FIELD_BYTES
    end = END.search(lowered, found.end(), most)
    return len(lowered) > most and (end is None or end.end() == most)


def _error(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message)

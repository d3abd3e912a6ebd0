"""Whether two mails are one: a relay adds traces to what its author wrote, and may code it anew.

The Message-ID alone says nothing, for some programs use one twice: what stands in the mail counts
with it (MSSANTE.md section 6, the deduplication key).
"""

import hashlib
from collections.abc import Iterator
from email.message import Message as Mail

NAME = "message-id"
WRITTEN = frozenset(
    (
        *(NAME, "from", "sender", "reply-to", "to", "cc", "date", "subject", "comments"),
        *("keywords", "in-reply-to", "references", "auto-submitted", "disposition-notification-to"),
        *("disposition-notification-options", "content-type", "content-disposition", "content-id"),
    )
)
"""The fields of an author (RFC 5322 section 3.6.2 to 3.6.5, RFC 2045, 3834, 8098); others are
traces of the way."""
WRITTEN_ALL = "x-mss-"
ENCODING = "content-transfer-encoding"
LENGTH_BYTES = 8


def written_as(mail: Mail) -> str | None:
    """Hexadecimal SHA-256 of what its author wrote: the same through whatever relay it came; None
    for a mail without Message-ID. Raises what the library raises on malformed parameters."""
    if not "".join(str(one) for one in mail.get_all(NAME, ())).strip(" <>"):
        return None
    digest = hashlib.sha256()
    for piece in _pieces(mail):
        digest.update(len(piece).to_bytes(LENGTH_BYTES))
        digest.update(piece)
    return digest.hexdigest()


def _pieces(mail: Mail) -> Iterator[bytes]:
    for part in mail.walk():
        yield from sorted(_fields(part, everything=part is not mail))
        payload = part.get_payload()
        if isinstance(payload, list):
            yield f"{part.get_content_type()} of {len(payload)}".encode()
            continue
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        is_coded = "base64" in str(part.get(ENCODING) or "").lower()
        is_lines = part.get_content_maintype() == "text" or not is_coded
        yield content.replace(b"\r\n", b"\n").rstrip(b"\n") if is_lines else content


def _fields(part: Mail, *, everything: bool) -> Iterator[bytes]:
    """In one line each; how a part is coded, and the boundary of several, are the way's."""
    for name, value in part.raw_items():
        field = name.lower()
        if field == ENCODING or (field == "content-type" and part.is_multipart()):
            continue
        if everything or field in WRITTEN or field.startswith(WRITTEN_ALL):
            line = f"{field}:{' '.join(str(value).split())}"
            yield line.encode("utf-8", "surrogateescape")

"""What is in a PDF: active content is refused (SECURITY section 1).

Two looks, because readers of a damaged file disagree on what is in it: every byte is searched
for names that no paper needs, object streams inflated under a cap; then the objects that
QPDF finds, names normalised, are searched again and the page tree is walked.
"""

import io
import logging
import re
import zlib
from collections.abc import Iterator, Sequence

import pikepdf

from gateway.mapping.files.pdf.actions import acts_by_itself
from gateway.records.intake.finding import Finding, Severity

MAGIC = b"%PDF-"
MAX_INFLATED_BYTES = 32_000_000
MAX_OBJECTS = 100_000
MAX_HEAD_BYTES = 4_096
chunk_bytes = 16_384
MAX_TRAILING_BYTES = 1_024

_END = rb"(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"
_NAMES = (
    rb"JavaScript|Launch|SubmitForm|ImportData|GoToR|GoToE|RichMedia[A-Za-z]*|XFA|"
    rb"EmbeddedFiles?|Encrypt|Rendition"
)
_ACTIVE = re.compile(rb"/(?:" + _NAMES + rb")" + _END)
_ACTIVE_OR_SHORT = re.compile(rb"/(?:" + _NAMES + rb"|JS|EF|Movie|Sound|OnInstantiate)" + _END)
_OUTSIDE = re.compile(rb"/FS\s*/URL" + _END)
"""Bytes that a reader would fetch (ISO 32000-1, 7.11.5)."""
_THREAD, _FILE = re.compile(rb"/S\s*/Thread" + _END), re.compile(rb"/F\s*[(<]")
"""A thread, and a file beside it: it may be one of another file (12.6.4.6). Two looks and no span
between them, which megabytes of /F would make slow."""
_ESCAPED_NAME = re.compile(rb"/[A-Za-z]{0,30}#[0-9A-Fa-f]{2}[A-Za-z0-9#]{0,90}")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED = re.compile(rb"/(?:ObjStm|XRef)" + _END)
_STREAM = re.compile(rb"stream\r?\n")
_PLAIN_FLATE = re.compile(rb"/Filter\s*(?:\[\s*)?/FlateDecode\s*(?:\]|/|>>|\s)")
_PREDICTED = re.compile(rb"/(?:DecodeParms|DP)" + _END + rb"(?!\s*null)")
_FILTERS = re.compile(rb"/Filter\s*\[([^\]]*)\]")
_STRING_NOISE = re.compile(rb"\\(?:[nrtbf]|[0-7]{1,3}|\r?\n)|[\x00-\x20]")
_BAD_LINK = re.compile(rb"\((?:javascript|vbscript|data|file):|/URI<(?!<)", re.IGNORECASE)

logging.getLogger("pikepdf").addHandler(logging.NullHandler())
# What QPDF remarks of a file belongs into a log where there is one, never on a command's screen.
pikepdf.settings.set_qpdf_limits(
    doc_max_warnings=100,
    parser_max_container_size=MAX_OBJECTS,
    flate_max_memory=MAX_INFLATED_BYTES,
    png_max_memory=MAX_INFLATED_BYTES,
    tiff_max_memory=MAX_INFLATED_BYTES,
    run_length_max_memory=MAX_INFLATED_BYTES,
    dct_max_memory=MAX_INFLATED_BYTES,
)
# For the whole process, before any PDF is opened: QPDF inflates what a cross reference calls an
# object stream even where its dictionary does not.


def pdf_findings(data: bytes) -> list[Finding]:
    """Why these bytes are no PDF that may be shown to a reader; empty for an ordinary one.

    Codes: `pdf-malformed`, `active-content`, `pdf-encrypted`, `pdf-limits`, `pdf-trailing`.
    """
    if not data.startswith(MAGIC):
        return [_error("pdf-malformed", "The file does not begin as a PDF.")]
    if len(data[data.rfind(b"%%EOF") + 5 :].strip(b"\x00\r\n\t ")) > MAX_TRAILING_BYTES:
        return [_error("pdf-trailing", "Something else stands behind the end of the PDF.")]
    found = _raw_problem(data) or _object_problem(data)
    return [found] if found else []


def _raw_problem(data: bytes) -> Finding | None:
    if (name := _ACTIVE.search(data)) is not None:
        return _active(name[0])
    return _escaped_problem(data) or _packed_problem(data)


def _escaped_problem(data: bytes) -> Finding | None:
    """A name that hides what it is behind #xx: no honest writer spells it so."""
    for escaped in _ESCAPED_NAME.finditer(data):
        plain = _ESCAPE.sub(_plain, escaped[0])
        if _ACTIVE_OR_SHORT.match(plain) or _PACKED.match(plain):
            return _active(plain)
    return None


def _plain(escape: "re.Match[bytes]") -> bytes:
    return bytes([int(escape[1], 16)])


def _packed_problem(data: bytes) -> Finding | None:
    """Looks into every object stream, with one budget of bytes in and one of bytes out."""
    room, unread = MAX_INFLATED_BYTES, 2 * len(data) + chunk_bytes
    for packed in _PACKED.finditer(data):
        start = _packed_start(data, packed)
        if start is None:
            continue
        content, read = _inflated(data, start, room)
        room, unread = room - len(content or b""), unread - read - 64
        if content is None or unread < 0:
            return _error("pdf-limits", "An object stream is damaged, filtered twice or too large.")
        if (name := _ACTIVE_OR_SHORT.search(content)) is not None:
            return _active(name[0])
        if (hidden := _escaped_problem(content)) is not None:
            return hidden
    return None


def _packed_start(data: bytes, packed: "re.Match[bytes]") -> int | None:
    """Where the stream begins whose dictionary holds this name.

    None where there is none or it is not compressed; -1 where its filter is not plain Flate, or
    its objects are written as a picture is, by rows with a predictor.
    """
    start = data.rfind(b"obj", max(0, packed.start() - MAX_HEAD_BYTES), packed.start())
    stream = _STREAM.search(data, packed.end(), packed.end() + MAX_HEAD_BYTES)
    if start < 0 or stream is None:
        return None
    head = _ESCAPE.sub(_plain, data[start : stream.start()])
    if b"endobj" in head or b"/Filter" not in head:
        return None
    several = _FILTERS.search(head)
    if not _PLAIN_FLATE.search(head) or (several and several[1].count(b"/") > 1):
        return -1
    if b"/ObjStm" in head and _PREDICTED.search(head):
        return -1
    return stream.end()


def _inflated(data: bytes, start: int, room: int) -> tuple[bytes | None, int]:
    """The inflated stream that begins at `start` and the bytes read for it.

    Fed in pieces: neither its length nor its end mark is believed.
    """
    if start < 0:
        return None, 0
    inflater, pieces, position = zlib.decompressobj(), [], start
    try:
        while not inflater.eof and position < len(data) and room >= 0:
            pieces.append(inflater.decompress(data[position : position + chunk_bytes], room + 1))
            position += chunk_bytes
            room -= len(pieces[-1])
    except zlib.error:
        return None, position - start
    read = min(position, len(data)) - start - len(inflater.unused_data)
    return (b"".join(pieces) if inflater.eof and room >= 0 else None), read


def _object_problem(data: bytes) -> Finding | None:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                return _encrypted()
            if len(pdf.objects) > MAX_OBJECTS:
                return _error("pdf-limits", f"The PDF has more than {MAX_OBJECTS} objects.")
            if len(pdf.pages) == 0:
                return _error("pdf-malformed", "The PDF has no page.")
            texts = list(_texts(pdf))
            return _text_problem(b"\n".join(texts)) or _own_act(pdf, texts[1:])
    except pikepdf.PasswordError:
        return _encrypted()
    except (pikepdf.PikepdfError, ValueError, TypeError, RuntimeError):
        return _error("pdf-malformed", "The PDF cannot be read: make it again.")


def _texts(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    """Every object and dictionary as QPDF writes it: one spelling for each name."""
    yield pdf.trailer.unparse()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            yield item.stream_dict.unparse()
        else:
            yield item.unparse(resolved=True) if isinstance(item, pikepdf.Object) else b""


def _own_act(pdf: pikepdf.Pdf, texts: Sequence[bytes]) -> Finding | None:
    for item, written in zip(pdf.objects, texts, strict=True):
        if (name := acts_by_itself(item, written)) is not None:
            return _active(name)
    return None


def _text_problem(text: bytes) -> Finding | None:
    if (name := _ACTIVE_OR_SHORT.search(text)) is not None:
        return _active(name[0])
    if _OUTSIDE.search(text) or (_THREAD.search(text) and _FILE.search(text)):
        return _active(b"/F")
    if b"/URI" in text and _BAD_LINK.search(_STRING_NOISE.sub(b"", text)):
        return _active(b"/URI")
    return None


def _active(name: bytes) -> Finding:
    if name == b"/Encrypt":
        return _encrypted()
    known = name.lstrip(b"/").decode("ascii", "replace")[:20]
    return _error("active-content", f"The PDF has active content ({known}): send PDF/A.")


def _encrypted() -> Finding:
    return _error("pdf-encrypted", "The PDF is encrypted: send it in clear.")


def _error(code: str, message: str) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, where="application/pdf", message=message, condition=102
    )

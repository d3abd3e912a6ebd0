"""What a patient brings, checked by its content and made ready to be filed (VAULT DOC-05).

One file stays as it is, but for a picture, which loses its position; several become one PDF. Every
refusal bears a finding: its code is what a page has words for.
"""

import re
from collections.abc import Sequence

from gateway.errors import RefusedError
from gateway.mapping.files.enclosed import media_type_of, read_single
from gateway.mapping.files.pictures import KINDS as PICTURES
from gateway.records.intake.finding import Finding, Severity

PDF, TEXT, RTF = "application/pdf", "text/plain", "application/rtf"
RTF_START = b"{\\rtf"
JOINED = PICTURES | {PDF}
DEPOSITED = JOINED | {TEXT, RTF}
MAX_FILES = 10
TOO_LARGE, BAD_TYPE, DAMAGED, MIXED = (
    "too-large",
    "unsupported-type",
    "picture-malformed",
    "files-mixed",
)
_OBJECTS = re.compile(rb"\\(?:obj(?:data|ect|emb|link|autlink|update|ocx)|dde(?:auto)?)(?![a-z])")
"""What a reader of RTF would run or fetch (RTF 1.9.1, "Objects")."""


def own_type(body: bytes) -> str:
    """What the bytes are, whatever the file is called. Raises RefusedError for what a patient does
    not deposit: everything but pdf, txt, rtf, jpeg, png and tiff."""
    kind = RTF if body.startswith(RTF_START) else media_type_of(body)
    if kind is None or kind not in DEPOSITED:
        raise _refused(BAD_TYPE, "Send a PDF, a JPEG, PNG or TIFF picture, or a text.")
    return kind


def needs_decoding(files: Sequence[bytes]) -> bool:
    """Whether `made_ready` decodes or joins: then it is asked for in a process of its own."""
    return len(files) > 1 or own_type(files[0]) in PICTURES


def made_ready(*files: bytes, max_bytes: int) -> tuple[str, bytes]:
    """MIME type and bytes of the one document, which is at most `max_bytes`; each file too. The
    same files give the same bytes. Raises RefusedError with a finding."""
    if any(len(one) > max_bytes for one in files):
        raise _refused(TOO_LARGE, f"Send at most {max_bytes} bytes.")
    known = [(own_type(one), one) for one in files]
    for kind, body in known:
        _check(kind, body)
    if len(known) == 1:
        return _alone(*known[0])
    if len(known) > MAX_FILES or any(kind not in JOINED for kind, _ in known):
        raise _refused(MIXED, f"Only pictures and PDFs are joined, {MAX_FILES} at most.")
    from gateway.mapping.files.pdf.joined import joined_pdf  # Pillow, where pictures come

    bare = [(kind, _bare(kind, body)) for kind, body in known]
    try:
        return PDF, joined_pdf(bare, max_bytes=max_bytes)
    except RefusedError as error:
        raise _refused(TOO_LARGE if "too large" in str(error) else DAMAGED, str(error)) from error


def _alone(kind: str, body: bytes) -> tuple[str, bytes]:
    if kind not in PICTURES:
        return kind, body
    from gateway.mapping.files.pictures.frames import frame_count  # as above

    clean = _bare(kind, body)
    try:
        frame_count(clean)
    except RefusedError as error:
        raise _refused(DAMAGED, str(error)) from error
    return kind, clean


def _bare(kind: str, body: bytes) -> bytes:
    if kind not in PICTURES:
        return body
    from gateway.mapping.files.pictures.bare import bare

    try:
        return bare(kind, body)
    except RefusedError as error:
        raise _refused(DAMAGED, str(error)) from error


def _check(kind: str, body: bytes) -> None:
    """By the rules of every door; what those hold for a person to look at is refused here."""
    _, found = read_single(kind, body)
    if found:
        raise RefusedError(found[0].message, finding=found[0])
    if kind == RTF and _OBJECTS.search(body):
        raise _refused("active-content", "The text holds an object that would be run.")


def _refused(code: str, message: str) -> RefusedError:
    found = Finding(code=code, severity=Severity.ERROR, where="/", message=message)
    return RefusedError(message, finding=found)

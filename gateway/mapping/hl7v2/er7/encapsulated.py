"""OBX-5 of type ED: cut out of the bytes before anything is decoded, then decoded alone.

A document of 140 KB never passes through the text path (HL7V2 section 7).
"""

import hashlib
import re
from dataclasses import dataclass

import pybase64

from gateway.records.intake.understanding import Piece
from gateway.records.messages.message import Payload

LAYOUT = re.compile(rb"\\(?:\.br|\.sp|[Xx](?:0[9AaDd]|20)+)\\")
USUAL_LAYOUT = (b"\\.br\\", b"\\X0D\\", b"\\X0A\\", b"\\X0D0A\\")
BLANKS = b" \t\r\n\x0b\x0c"
SEGMENT_START = re.compile(rb"[\r\n](?=[A-Z][A-Z0-9]{2}(?:[^A-Za-z0-9+/=\s]|$))")
LOOK_BACK_BYTES = 24
"""More than `OBX`, a set id and its separators ever take."""
MAX_LOOKED_AT = 100_000
"""Fields that could be of an ED: five times the segments that are taken."""
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class Cut:
    """ED.5 as it stands in the input: `data` is `raw[start:stop]`."""

    data: bytes
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """The payload of one ED; `problem` is "" or what stands in the way of reading it.

    `cut` is base64 of length 1 mod 4 (its last character was dropped), `unpadded` lacks "=".
    """

    body: bytes
    piece: Piece | None
    problem: str = ""
    cut: bool = False
    unpadded: bool = False

    def payload(self, status: str) -> Payload:
        digest = hashlib.sha256(self.body).hexdigest()
        return Payload(status=status, size=len(self.body), sha256=digest)


def find_cuts(raw: bytes, field: bytes, component: bytes) -> list[Cut]:
    """Every ED.5 of an OBX segment, in order; separators are single ASCII bytes."""
    cuts: list[Cut] = []
    mark = field + b"ED" + field
    at, left = raw.find(mark), MAX_LOOKED_AT
    while at >= 0 and left:
        cut = _cut_at(raw, at, field, component)
        if cut is not None:
            cuts.append(cut)
        at, left = raw.find(mark, cut.stop if cut else at + 4), left - 1
    return cuts


def _cut_at(raw: bytes, at: int, field: bytes, component: bytes) -> Cut | None:
    before = raw[max(at - LOOK_BACK_BYTES, 0) : at].replace(b"\n", b"\r").rpartition(b"\r")[2]
    if not before.startswith(b"OBX" + field) or before.count(field) != 1:
        return None
    start = at + 4
    for _ in ("OBX-3", "OBX-4"):
        start = raw.find(field, start) + 1
        if not start:
            return None
    stop = raw.find(field, start)
    stop = len(raw) if stop < 0 else stop
    for _ in ("ED.1", "ED.2", "ED.3", "ED.4"):
        start = raw.find(component, start, stop) + 1
        if not start:
            return None
    behind = raw.find(component, start, stop)
    stop = stop if behind < 0 else behind
    return None if _has_line_end(raw, at, start) else _bounded(raw, start, stop)


def _bounded(raw: bytes, start: int, stop: int) -> Cut:
    """The data ends at the next component or field, or where the next segment begins."""
    if _has_line_end(raw, start, stop):
        ended = SEGMENT_START.search(raw, start, min(stop + 1, len(raw)))
        stop = ended.start() if ended else stop
        stop = start + len(raw[start:stop].rstrip(b"\r\n"))
    return Cut(raw[start:stop], start, stop)


def _has_line_end(raw: bytes, start: int, stop: int) -> bool:
    return raw.find(b"\r", start, stop) >= 0 or raw.find(b"\n", start, stop) >= 0


def read_base64(cut: Cut, escape: bytes = b"\\") -> Decoded:
    """Decodes ED.5 of encoding Base64; the piece is named only for canonical base64."""
    data = cut.data
    try:
        body = pybase64.b64decode(data, validate=True)
    except ValueError:
        return _lenient(data, escape)
    canonical = not data or pybase64.b64encode(body) == data
    return Decoded(body, Piece(cut.start, cut.stop, base64=True) if canonical and data else None)


def _lenient(data: bytes, escape: bytes) -> Decoded:
    """White space, layout escapes and missing padding are mended; other bytes are not."""
    whole = _without_layout(data, escaped=escape == b"\\")
    bare = whole.rstrip(b"=")
    padding = len(whole) - len(bare)
    if NOT_BASE64.search(bare):
        return Decoded(b"", None, problem="ED.5 is not base64")
    cut = len(bare) % 4 == 1
    bare = bare[:-1] if cut else bare
    body = pybase64.b64decode(bare + b"=" * (-len(bare) % 4))
    return Decoded(body, None, cut=cut, unpadded=not cut and padding < -len(bare) % 4)


def _without_layout(data: bytes, *, escaped: bool) -> bytes:
    """Without blanks and line ends; what stands a million times is taken out in one step."""
    whole = data.translate(None, BLANKS)
    if not escaped or b"\\" not in whole:
        return whole
    for one in USUAL_LAYOUT:
        whole = whole.replace(one, b"")
    return LAYOUT.sub(b"", whole)


def read_hex(cut: Cut) -> Decoded:
    """Decodes ED.5 of encoding Hex."""
    try:
        return Decoded(bytes.fromhex(cut.data.decode("ascii")), None)
    except ValueError:
        return Decoded(b"", None, problem="ED.5 is not hexadecimal")

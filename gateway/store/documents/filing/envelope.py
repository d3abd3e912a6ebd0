"""The raw input kept once: the envelope without the slices that are documents' own bytes.

Stored as four bytes of header length, the JSON list of slots, then the bytes that remain.
"""

from collections.abc import Callable, Sequence

import orjson
import pybase64

from gateway.records.intake.understanding import Content
from gateway.store.documents.packed import Slot

LENGTH_BYTES = 4


def cut(raw: bytes, pieces: Sequence[tuple[int, Content]]) -> bytes:
    """`pieces` are numbers of stored documents and their contents; a slice that would not come
    back byte for byte stays in."""
    slots: list[Slot] = []
    kept: list[bytes] = []
    end = 0
    for number, content in sorted(_cuttable(pieces), key=_start):
        piece = content.piece
        if piece is None or piece.start < end or not _comes_back(raw, content):
            continue
        kept.append(raw[end : piece.start])
        slots.append(Slot(piece.start, number, piece.base64))
        end = piece.stop
    kept.append(raw[end:])
    header = orjson.dumps([(slot.start, slot.number, slot.base64) for slot in slots])
    return b"".join((len(header).to_bytes(LENGTH_BYTES, "big"), header, *kept))


def rebuild(envelope: bytes, body: Callable[[int], bytes]) -> bytes:
    """The raw input, byte for byte; `body` gives a document's own bytes by its number."""
    size = int.from_bytes(envelope[:LENGTH_BYTES], "big")
    slots = orjson.loads(envelope[LENGTH_BYTES : LENGTH_BYTES + size])
    rest = memoryview(envelope)[LENGTH_BYTES + size :]
    parts: list[bytes | memoryview] = []
    written = taken = 0
    for start, number, base64 in slots:
        step = start - written
        parts.append(rest[taken : taken + step])
        own = pybase64.b64encode(body(number)) if base64 else body(number)
        parts.append(own)
        taken, written = taken + step, start + len(own)
    parts.append(rest[taken:])
    return b"".join(parts)


def _cuttable(pieces: Sequence[tuple[int, Content]]) -> list[tuple[int, Content]]:
    return [pair for pair in pieces if pair[1].piece is not None and pair[1].body]


def _start(pair: tuple[int, Content]) -> int:
    return pair[1].piece.start if pair[1].piece is not None else 0


def _comes_back(raw: bytes, content: Content) -> bool:
    piece = content.piece
    if piece is None:
        return False
    own = pybase64.b64encode(content.body) if piece.base64 else content.body
    return raw[piece.start : piece.stop] == own

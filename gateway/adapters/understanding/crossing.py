"""How a question and its answer cross between the daemon and its helper.

Frames of eight bytes of ticket, two of manner, four of length, and so many bytes. Ticket 0 is no
question: from the daemon the next manner (how the questions that bear its number are to be read),
from the helper "I am there". The manner of an answer says nothing. An answer is MessagePack, read
by the types of our records: nothing else can be made of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from struct import Struct

import msgspec
import pybase64

from gateway.mapping.results import results_in
from gateway.records.correspondence.letter import Letter
from gateway.records.documents.document import Document
from gateway.records.documents.observation import Observation, ResultsInBody
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content, Format, Piece, Submission, Understanding
from gateway.records.messages.mail_report import MailReport
from gateway.records.messages.message import Message

HEAD = Struct("!QHI")
NO_TICKET = 0
LARGE_BYTES = 4_096
"""From this size on, a document that stands in its message is not sent back but taken there."""

Manner = tuple[Reading, Format | None]
Frame = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True)
class Failure:
    """The helper's own error, its type and place: a fault of ours, not of the input."""

    error: str
    where: str


class Frames:
    """Cuts a stream into (ticket, manner, bytes), however it came."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        buffer = self._buffer
        buffer += data
        at = 0
        while len(buffer) - at >= HEAD.size:
            ticket, manner, length = HEAD.unpack_from(buffer, at)
            stop = at + HEAD.size + length
            if stop > len(buffer):
                break
            with memoryview(buffer) as view:
                content = bytes(view[at + HEAD.size : stop])
            at = stop
            yield ticket, manner, content
        del buffer[:at]


def framed(ticket: int, content: bytes = b"", *, manner: int = 0) -> tuple[bytes, bytes]:
    """The two pieces of one frame, to be written one after the other."""
    return HEAD.pack(ticket, manner, len(content)), content


def packed_manner(manner: Manner) -> bytes:
    return msgspec.msgpack.encode(manner, enc_hook=str)


def manner_in(content: bytes) -> Manner:
    manner: Manner = msgspec.msgpack.decode(content, type=Manner, dec_hook=_path)
    return manner


def _path(_kind: type[Path], written: str) -> Path:
    return Path(written)


class CrossingContent(msgspec.Struct, array_like=True, frozen=True):
    """A `Content`, whose `body` is a piece of its message where it need not be sent."""

    body: Piece | bytes
    words: str | None
    piece: Piece | None


class Crossing(msgspec.Struct, array_like=True, frozen=True):
    """An `Understanding`; of results that stay in the body of their document only the number."""

    format: Format
    verdict: Verdict
    findings: tuple[Finding, ...]
    message: Message | None
    submission: Submission | None
    documents: tuple[Document, ...]
    contents: tuple[CrossingContent, ...]
    observations: tuple[int | tuple[Observation, ...], ...]
    results: int
    index: int
    raw: bytes | None
    report: MailReport | None
    written_as: str | None
    signed_by: bytes | None
    letter: Letter | None


Answer = list[Crossing] | dict[str, str]
"""What was understood, message by message, or how the helper failed."""

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Answer).decode


def packed_answer(raw: bytes, answer: list[Understanding] | Failure) -> bytes:
    """Without the bytes of the input themselves, which the asker has."""
    if isinstance(answer, Failure):
        return _pack({"error": answer.error, "where": answer.where})
    return _pack([_crossing(one, raw if one.raw is None else one.raw) for one in answer])


def answer_in(content: bytes, raw: bytes) -> list[Understanding] | Failure:
    """Raises ValueError for anything that is no understanding of `raw`."""
    answer = _unpack(content)
    if isinstance(answer, dict):
        return Failure(answer.get("error", ""), answer.get("where", ""))
    return [_crossed(one, raw if one.raw is None else one.raw) for one in answer]


def _crossing(one: Understanding, raw: bytes) -> Crossing:
    return Crossing(
        one.format,
        one.verdict,
        one.findings,
        one.message,
        one.submission,
        one.documents,
        tuple([CrossingContent(_sent(c, raw), c.words, c.piece) for c in one.contents]),
        tuple([_counted(found) for found in one.observations]),
        one.results,
        one.index,
        one.raw,
        one.report,
        one.written_as,
        one.signed_by,
        one.letter,
    )


def _sent(content: Content, raw: bytes) -> Piece | bytes:
    """Where the body stands in its message, or itself."""
    body, piece = content.body, content.piece
    if body is raw:
        return Piece(0, len(raw), base64=False)
    if piece is None or len(body) < LARGE_BYTES:
        return body
    try:
        return piece if _taken(raw, piece) == body else body
    except ValueError:
        return body


def _taken(raw: bytes, piece: Piece) -> bytes:
    """Raises ValueError where no base64 stands there."""
    whole = piece.stop - piece.start == len(raw)
    found = raw if whole else raw[piece.start : piece.stop]
    return pybase64.b64decode(found, validate=True) if piece.base64 else found


def _counted(found: Sequence[Observation]) -> int | tuple[Observation, ...]:
    return len(found) if isinstance(found, ResultsInBody) else tuple(found)


def _crossed(one: Crossing, raw: bytes) -> Understanding:
    taken: dict[Piece, bytes] = {}
    contents = tuple([_content(content, raw, taken) for content in one.contents])
    return Understanding(
        format=one.format,
        verdict=one.verdict,
        findings=one.findings,
        message=one.message,
        submission=one.submission,
        documents=one.documents,
        contents=contents,
        observations=tuple(
            [
                _found(found, contents[place].body if place < len(contents) else b"")
                for place, found in enumerate(one.observations)
            ]
        ),
        results=one.results,
        index=one.index,
        raw=one.raw,
        report=one.report,
        written_as=one.written_as,
        signed_by=one.signed_by,
        letter=one.letter,
    )


def _content(content: CrossingContent, raw: bytes, taken: dict[Piece, bytes]) -> Content:
    """What several documents share is taken out of the message once."""
    body = content.body
    if isinstance(body, Piece):
        held = taken.get(body)
        if held is None:
            held = taken[body] = _taken(raw, body)
        body = held
    return Content(body, content.words, content.piece)


def _found(found: int | tuple[Observation, ...], body: bytes) -> Sequence[Observation]:
    return ResultsInBody(found, partial(results_in, body)) if isinstance(found, int) else found

"""Parsers of the HL7v2 door: framing, batches, splitter, escapes, character sets, ED, meaning."""

import pybase64
from laws import AT, hold
from seeds import ack_seeds, hl7_seeds
from target import SEGMENT, Target, vocabulary

from gateway.adapters.hl7v2.mllp_protocol import Event, Frame, MllpReceiver, Partial, framed
from gateway.mapping.datatypes.times import date_of, iso_of
from gateway.mapping.hl7v2 import split_batch
from gateway.mapping.hl7v2.control.envelopes import batch_answer, is_batch
from gateway.mapping.hl7v2.control.header import header_of
from gateway.mapping.hl7v2.er7.charset import CODECS, decode
from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, delimiters_of
from gateway.mapping.hl7v2.er7.encapsulated import Cut, find_cuts, read_base64, read_hex
from gateway.mapping.hl7v2.er7.escapes import escape, unescape
from gateway.mapping.hl7v2.er7.segments import read_segments
from gateway.mapping.hl7v2.er7.splitter import BEHIND, begin_of, end_of, split
from gateway.mapping.hl7v2.readdress import FRAME, readdressed
from gateway.mapping.hl7v2.reply import awaited_of, read_reply
from gateway.mapping.understand import understand_all
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Format

LIMIT = 400
READINGS = (
    DEFAULT_READING,
    Reading(results_only=False, fallback_charset="cp1252", charset_fallback_allowed=True),
    Reading(strict=True),
)


def _events(chunks: list[bytes]) -> tuple[list[Event], Partial | None, int]:
    receiver = MllpReceiver(max_frame_bytes=LIMIT)
    events = [event for chunk in chunks for event in receiver.feed(chunk)]
    return events, receiver.close(), receiver.skipped_bytes


def framing(data: bytes) -> None:
    """What comes out never depends on how the stream was cut; nothing above the limit is kept."""
    size = 1 + data[0] % 64 if data else 1
    stream = data[1:]
    whole = _events([stream])
    assert whole == _events([stream[at : at + size] for at in range(0, len(stream), size)])
    payloads = [one.payload for one in whole[0] if isinstance(one, Frame | Partial)]
    assert all(0 < len(payload) <= LIMIT for payload in payloads)


def splitter(data: bytes) -> None:
    """No letter is dropped: the lines, with the ED put back, are the message up to its end, but for
    the blanks of lines that hold nothing else."""
    for one in split_batch(data)[: DEFAULT_READING.max_messages] or [data]:
        parted = split(one, DEFAULT_READING)
        if parted is None or any(found.code == "too-many" for found in parted.findings):
            continue
        for number in range(len(parted.lines)):
            parted.fields(number)
        read_segments(parted)
        end = max([end_of(one), *(cut.stop for cut in parted.cuts.values())])
        assert not one[end:].strip(BEHIND)
        starts = [begin_of(one) or 0, *(cut.stop for cut in parted.cuts.values())]
        stops = [*(cut.start for cut in parted.cuts.values()), end]
        for cut in parted.cuts.values():
            assert one[cut.start : cut.stop] == cut.data
        pieces = [one[a:b] for a, b in zip(starts, stops, strict=True)]
        sent = sum(_letters(piece.decode(parted.charset, "replace")) for piece in pieces)
        assert sum(map(_letters, parted.lines)) == sent


def _letters(text: str) -> int:
    return len("".join(text.split()))


def escapes(data: bytes) -> None:
    """Undoing never makes a control character; what was escaped reads back."""
    text = data.decode("utf-8", "replace")
    marks = delimiters_of(text) or DEFAULT
    for charset in ("utf-8", "iso8859-15"):
        made = unescape(text, marks, charset)
        assert made.count("\0") <= text.count("\0")
        assert made.count("\r") <= text.count("\r")
    if marks.sound and text.isprintable():
        assert unescape(escape(text, marks), marks) == text


def encapsulated(data: bytes) -> None:
    """Canonical base64 is named as a piece; a problem leaves no body."""
    cut = Cut(data, 0, len(data))
    for decoded in (read_base64(cut), read_base64(cut, b"!"), read_hex(cut)):
        assert decoded.problem == "" or decoded.body == b""
        if decoded.piece is not None:
            assert pybase64.b64encode(decoded.body) == data
    for found in find_cuts(data, b"|", b"^"):
        assert data[found.start : found.stop] == found.data


def charsets(data: bytes) -> None:
    """Every byte becomes text of which it can be made again, whatever is declared."""
    names = (*CODECS, "", "UTF-16", "8859/99")
    declared = names[data[0] % len(names)] if data else ""
    for reading in READINGS:
        decoded = decode([data[1:20], data[20:]], declared, reading)
        assert "".join(decoded.parts).encode(decoded.charset) == data[1:]
        assert decoded.how in ("declared", "guessed", "default")


def messages(data: bytes) -> None:
    """Understood or refused, shown, kept and answered: one message, or each of a batch."""
    reading = READINGS[len(data) % len(READINGS)]
    for one in understand_all(data, reading, declared=Format.HL7V2):
        hold(one)
    header_of(data)
    if is_batch(data):
        batch_answer(data, [b"MSH|^~\\&|\rMSA|AA|1\r"], control_id="R1", at=AT)


def replies(data: bytes) -> None:
    """What is kept of an answer are codes; a message for somebody else keeps its bytes."""
    reply = read_reply(data)
    if reply is not None:
        assert reply.words.isascii()
        assert len(reply.words) < 100
        assert reply.control_id.isascii()
    asked = awaited_of(data)
    assert asked is None or asked[0]
    bare = data.strip(FRAME)
    assert readdressed(data) == bare
    if begin_of(bare) is not None and delimiters_of(bare[begin_of(bare) :].decode("latin-1")):
        changed = readdressed(data, application="LIS")
        assert changed.count(b"\r") == bare.count(b"\r")


def moments(data: bytes) -> None:
    """Any time stamp is ISO 8601 or nothing."""
    text = data[:60].decode("utf-8", "replace")
    for made in (iso_of(text), date_of(text)):
        assert made is None or (made.isascii() and made[:4].isdigit())


def _framed() -> list[bytes]:
    return [b"\x07" + framed(one[: LIMIT - 1]) for one in hl7_seeds()]


def _tailored() -> list[bytes]:
    found = [cut.data for one in hl7_seeds() for cut in find_cuts(one, b"|", b"^")]
    return [b"UEsDBAo=", b"48656C6C6F", b"VGV4dA\\X0D\\\\X0A\\==", *(one[:4_000] for one in found)]


def _stamps() -> list[bytes]:
    written = ("20260115101500.1234+0100", "2026", "202601", "20260115", "2026011510", "99991231")
    return [one.encode() for one in written]


TARGETS = (
    Target(
        name="mllp-framing", run=framing, seeds=_framed, words=vocabulary("mllp"), largest=100_000
    ),
    Target(
        name="hl7-splitter", run=splitter, seeds=hl7_seeds, words=vocabulary("hl7"), unit=SEGMENT
    ),
    Target(name="hl7-escapes", run=escapes, seeds=hl7_seeds, words=vocabulary("hl7"), unit=SEGMENT),
    Target(
        name="hl7-encapsulated",
        run=encapsulated,
        seeds=_tailored,
        words=vocabulary("hl7"),
        unit=SEGMENT,
    ),
    Target(
        name="hl7-charset", run=charsets, seeds=hl7_seeds, words=vocabulary("hl7"), unit=SEGMENT
    ),
    Target(
        name="hl7-message", run=messages, seeds=hl7_seeds, words=vocabulary("hl7"), unit=SEGMENT
    ),
    Target(name="hl7-reply", run=replies, seeds=ack_seeds, words=vocabulary("hl7"), unit=SEGMENT),
    Target(name="times", run=moments, seeds=_stamps, words=vocabulary("times")),
)

"""Frames of MLLP: 0x0B, the message, 0x1C 0x0D, however TCP cuts them."""

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.hl7 import results
from conformance.reading.ack import Ack, read_ack
from conformance.requirement import Level, Volet
from conformance.verdict import expect
from conformance.wire.mllp import END, START, Line, frame

MLLP = Chapter(Volet.MLLP, "HL7 Transport Specification MLLP R1, block format")


def sent(bench: Bench) -> tuple[str, bytes]:
    """A good message: its control id and its bytes."""
    control = bench.serial.control()
    return control, results(bench.who, control).raw()


def answered(line: Line, *controls: str) -> list[Ack]:
    """As many answers, in the order of the messages, each about its own message."""
    acks = [read_ack(line.answer()) for _ in controls]
    about = [one.about for one in acks]
    expect(about == list(controls), f"MSA-2 of the answers: {about}, messages: {list(controls)}")
    return acks


@MLLP.asks(
    "MLLP-01",
    "A frame is answered by one frame about it",
    fix="Answer each message with 0x0B, the acknowledgement, 0x1C 0x0D.",
)
def one_answer(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        line.message(raw)
        answered(line, control)


@MLLP.asks(
    "MLLP-02",
    "Nothing is sent between the frames of answers",
    fix="Write only frames: no line feed, no NUL, no text after 0x1C 0x0D.",
)
def clean_answers(bench: Bench) -> None:
    with bench.line() as line:
        for _ in range(2):
            control, raw = sent(bench)
            line.message(raw)
            answered(line, control)
        expect(not line.stray, f"bytes between frames: {line.stray[:20]!r}")


@MLLP.asks(
    "MLLP-03",
    "Two frames in one TCP segment are two messages",
    fix="Go on reading the buffer after the first 0x1C 0x0D; do not drop what follows it.",
    source="HL7 MLLP R1, block format; crs4/hl7apy issue 37",
)
def two_at_once(bench: Bench) -> None:
    (one, first), (two, second) = sent(bench), sent(bench)
    with bench.line() as line:
        line.send(frame(first) + frame(second))
        answered(line, one, two)


@MLLP.asks(
    "MLLP-04",
    "A frame cut over many segments is one message",
    fix="Collect bytes until 0x1C 0x0D; a read is not a message.",
    source="HL7 MLLP R1, block format; Bugs5382/node-hl7-server issue 60",
)
def cut_in_pieces(bench: Bench) -> None:
    (control, raw), (after, whole) = sent(bench), sent(bench)
    data = frame(raw)
    with bench.line() as line:
        for start in range(0, len(data), 97):
            line.apart(data[start : start + 97])
        line.message(whole)
        answered(line, control, after)  # and not one answer a piece


@MLLP.asks(
    "MLLP-05",
    "0x0B may come alone",
    fix="Keep the start of a frame until the rest is there.",
    source="HL7 MLLP R1, block format; nextgenhealthcare/connect issue 1447",
)
def start_alone(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        line.apart(START)
        line.send(raw + END)
        answered(line, control)


@MLLP.asks(
    "MLLP-06",
    "0x1C and 0x0D may come apart",
    fix="Look for the end of a block across reads.",
)
def end_apart(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        line.apart(START + raw + END[:1])
        line.send(END[1:])
        answered(line, control)


@MLLP.asks(
    "MLLP-07",
    "A character of two bytes may be cut in two",
    fix="Decode text after a whole frame is there, never read by read.",
)
def cut_character(bench: Bench) -> None:
    control, raw = sent(bench)
    data = frame(raw)
    middle = data.index("é".encode()) + 1
    with bench.line() as line:
        line.apart(data[:middle])
        line.send(data[middle:])
        answered(line, control)


@MLLP.asks(
    "MLLP-08",
    "A message may come byte by byte",
    fix="Do not give up while bytes still come.",
)
def byte_by_byte(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        for byte in frame(raw):
            line.send(bytes([byte]))
        answered(line, control)


def between(bench: Bench, junk: bytes) -> None:
    (one, first), (two, second) = sent(bench), sent(bench)
    with bench.line() as line:
        line.send(frame(first) + junk + frame(second))
        answered(line, one, two)


@MLLP.asks(
    "MLLP-09",
    "NUL between frames is skipped",
    fix="Skip bytes until the next 0x0B.",
    source="nextgenhealthcare/connect issue 249",
    level=Level.SHOULD,
)
def nul_between(bench: Bench) -> None:
    between(bench, b"\0\0\0")


@MLLP.asks(
    "MLLP-10",
    "CR and LF between frames are skipped",
    fix="Skip bytes until the next 0x0B.",
    level=Level.SHOULD,
)
def line_feed_between(bench: Bench) -> None:
    between(bench, b"\r\n")


@MLLP.asks(
    "MLLP-11",
    "Bytes before the first 0x0B are no message",
    fix="Send no acknowledgement for them, and take the next frame.",
    level=Level.SHOULD,
)
def junk_before(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        line.send(b"GET / HTTP/1.0 " + frame(raw))
        answered(line, control)


@MLLP.asks(
    "MLLP-12",
    "An empty frame is ignored",
    fix="Some senders keep a connection alive so: send no answer.",
    level=Level.SHOULD,
)
def empty_frame(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        line.send(START + END + frame(raw))
        answered(line, control)


@MLLP.asks(
    "MLLP-13",
    "0x0B inside an open frame begins again",
    fix="Drop the open part: its sender gave it up. Never join two messages.",
    level=Level.SHOULD,
)
def begun_again(bench: Bench) -> None:
    (_, given_up), (control, raw) = sent(bench), sent(bench)
    with bench.line() as line:
        line.send(START + given_up[: len(given_up) // 2] + frame(raw))
        answered(line, control)

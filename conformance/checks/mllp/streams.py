"""Connections of MLLP: kept, many, half closed, broken, hostile."""

from contextlib import ExitStack
from dataclasses import replace

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.checks.mllp.frames import answered, sent
from conformance.made.cda import paper_of_pdf
from conformance.made.hl7 import mdm, results
from conformance.made.pdf import pdf
from conformance.reading.ack import read_ack
from conformance.requirement import Level, Volet
from conformance.verdict import NotMetError, expect
from conformance.wire.mllp import START, NoAnswerError, frame

MLLP = Chapter(Volet.MLLP, "HL7 Transport Specification MLLP R1")
MANY, AT_ONCE, LARGE_BYTES, STARTS = 20, 10, 3_000_000, 5_000


@MLLP.asks(
    "MLLP-20",
    "A connection serves many messages",
    fix="Keep the connection open after an answer; the sender decides when it ends.",
)
def kept_open(bench: Bench) -> None:
    with bench.line() as line:
        for _ in range(3):
            control, raw = sent(bench)
            line.message(raw)
            answered(line, control)


@MLLP.asks(
    "MLLP-21",
    "Answers keep the order of the messages",
    fix="One connection, one order; replacement and deletion depend on it.",
    source="nextgenhealthcare/connect issues 1441 and 2070",
)
def in_order(bench: Bench) -> None:
    messages = [sent(bench) for _ in range(MANY)]
    with bench.line() as line:
        line.send(b"".join(frame(raw) for _, raw in messages))
        answered(line, *(control for control, _ in messages))


@MLLP.asks(
    "MLLP-22",
    "Connections do not disturb one another",
    fix="Serve connections side by side; answer on the one that asked.",
)
def side_by_side(bench: Bench) -> None:
    messages = [sent(bench) for _ in range(AT_ONCE)]
    with ExitStack() as stack:
        lines = [stack.enter_context(bench.line()) for _ in messages]
        for line, (_, raw) in zip(lines, messages, strict=True):
            line.message(raw)
        for line, (control, _) in reversed(list(zip(lines, messages, strict=True))):
            answered(line, control)


@MLLP.asks(
    "MLLP-23",
    "An open frame of one sender does not hold up another",
    fix="Never wait for one connection while another has a whole message.",
)
def not_held_up(bench: Bench) -> None:
    (slow, half), (control, raw) = sent(bench), sent(bench)
    with bench.line() as waiting, bench.line() as line:
        waiting.apart(START + half[:200])
        line.message(raw)
        answered(line, control)
        waiting.send(half[200:] + b"\x1c\r")
        answered(waiting, slow)


@MLLP.asks(
    "MLLP-24",
    "A sender that has finished sending still gets its answer",
    fix="Answer what was read before the end of the stream.",
    level=Level.SHOULD,
)
def half_closed(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        line.message(raw)
        line.end_sending()
        answered(line, control)


@MLLP.asks(
    "MLLP-25",
    "A frame without its end is not acknowledged",
    fix="Send no acknowledgement before 0x1C 0x0D, and none after the connection has ended.",
)
def cut_off(bench: Bench) -> None:
    _, raw = sent(bench)
    with bench.line() as line:
        try:
            line.send(START + raw)
            line.end_sending()
            answer = line.answer()
        except (NoAnswerError, OSError):
            return
    raise NotMetError(f"half a frame was answered: {answer[:60]!r}")


@MLLP.asks(
    "MLLP-26",
    "A frame that was cut off can be sent again whole",
    fix="Do not bind MSH-10 of a message that was not acknowledged.",
)
def sent_again(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        line.send(START + raw[:-5])
    ack = bench.ask(raw)
    expect(ack.positive and ack.about == control, ack)


@MLLP.asks(
    "MLLP-27",
    "A document of 3 MB is taken",
    fix="Raise the limit of a frame; read large OBX-5 without copying them.",
    source="nextgenhealthcare/connect issue 1665; crs4/hl7apy issue 45",
)
def large(bench: Bench) -> None:
    made = paper_of_pdf(bench.who, bench.serial)
    made = replace(made, file=pdf("Grand document", padding=LARGE_BYTES))
    ack = bench.ask(mdm(made, bench.serial.control()))
    expect(ack.positive, ack)


@MLLP.asks(
    "MLLP-28",
    "A message with its answer in 8859/15 does not break the connection",
    fix="Never decode a frame with another character set than that of the message.",
    source="nextgenhealthcare/connect issue 249; HL7 v2.5 2.15.9.18",
)
def latin_then_utf8(bench: Bench) -> None:
    first, second = bench.serial.control(), bench.serial.control()
    latin = results(bench.who, first).set("MSH", 18, "8859/15")
    latin.charset = "iso8859-15"
    with bench.line() as line:
        line.send(frame(latin.raw()) + frame(results(bench.who, second).raw()))
        answered(line, first, second)


@MLLP.asks(
    "MLLP-29",
    "Thousands of start bytes do no harm",
    fix="Bound what one connection may cost; serve the others.",
    level=Level.SHOULD,
)
def many_starts(bench: Bench) -> None:
    with bench.line() as line:
        line.send(START * STARTS)
        control, raw = sent(bench)
        with bench.line() as other:
            other.message(raw)
            answered(other, control)


@MLLP.asks(
    "MLLP-30",
    "A byte order mark before MSH is skipped",
    fix="Skip EF BB BF at the start of a frame.",
    level=Level.SHOULD,
)
def byte_order_mark(bench: Bench) -> None:
    control, raw = sent(bench)
    with bench.line() as line:
        line.message(b"\xef\xbb\xbf" + raw)
        ack = read_ack(line.answer())
    expect(ack.positive and ack.about == control, ack)

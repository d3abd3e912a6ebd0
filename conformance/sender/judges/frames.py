"""How messages stand on their connection (HL7 MLLP R1)."""

from collections.abc import Iterable

from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules
from conformance.sender.subjects import Frame

MLLP = Rules[Frame](Volet.MLLP, "HL7 Transport Specification MLLP R1, block format")


@MLLP.asks(
    "S-MLLP-01",
    "A message stands between 0x0B and 0x1C 0x0D",
    fix="Send 0x0B, the message, 0x1C 0x0D, and nothing between two frames.",
)
def framed(frame: Frame) -> Iterable[Fault]:
    if frame.stray.strip(b"\0\r\n "):
        yield Fault("frame", f"{len(frame.stray)} bytes outside frames: {frame.stray[:12]!r}", 100)
    if frame.bare_end:
        yield Fault("frame", "0x1C without 0x0D", 100)


@MLLP.asks(
    "S-MLLP-02",
    "A message holds neither 0x0B nor 0x1C",
    fix="Escape them in data: \\X0B\\ and \\X1C\\.",
    source="HL7 MLLP R1, block format; HL7 v2.5, 2.7",
)
def clean(frame: Frame) -> Iterable[Fault]:
    if frame.restarted:
        yield Fault("frame", "0x0B inside a frame: what came before it is lost", 100)


@MLLP.asks(
    "S-MLLP-03",
    "A frame is finished before the connection ends",
    fix="Send the whole frame, wait for the answer, then close.",
)
def whole(frame: Frame) -> Iterable[Fault]:
    if frame.cut:
        yield Fault("frame", "the connection ended inside a frame", 100)


@MLLP.asks(
    "S-MLLP-04",
    "Nothing stands between frames",
    fix="Send no NUL or line feed after 0x1C 0x0D.",
    level=Level.SHOULD,
)
def tidy(frame: Frame) -> Iterable[Fault]:
    if frame.stray and not frame.stray.strip(b"\0\r\n "):
        yield Fault("frame", f"{len(frame.stray)} filling bytes between frames", 100)

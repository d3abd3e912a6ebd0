"""The fields of an acknowledgement (HL7 v2.5 chapter 2: MSH 2.15.9, MSA 2.15.8)."""

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.hl7 import Draft, results
from conformance.reading.ack import Ack, read_ack
from conformance.requirement import Level, Volet
from conformance.verdict import expect

ACK = Chapter(Volet.ACK, "HL7 v2.5, 2.9.2 and 2.15.8")
TABLE_0008 = {"AA", "AE", "AR", "CA", "CE", "CR"}


def good(bench: Bench) -> tuple[Draft, Ack]:
    draft = results(bench.who, bench.serial.control())
    return draft, bench.ask(draft)


@ACK.asks(
    "ACK-01",
    "A good message is answered AA",
    fix="MSA-1 is AA in original mode once the message is safely stored.",
)
def accepted(bench: Bench) -> None:
    _, ack = good(bench)
    expect(ack.code == "AA", ack)


@ACK.asks(
    "ACK-02",
    "MSA-1 is a code of table 0008",
    fix="Answer AA, AE, AR, CA, CE or CR.",
    source="HL7 v2.5, 2.15.8.1, table 0008",
)
def known_code(bench: Bench) -> None:
    _, ack = good(bench)
    expect(ack.code in TABLE_0008, f"MSA-1 is {ack.code!r}")


@ACK.asks(
    "ACK-03",
    "MSA-2 is the MSH-10 received, byte for byte",
    fix="Copy MSH-10 as it came: do not cut, change case or undo escapes.",
    source="HL7 v2.5, 2.15.8.2",
)
def same_control(bench: Bench) -> None:
    control = f"{bench.serial.control():x<16}-a.B"  # the 20 characters of version 2.5
    ack = bench.ask(results(bench.who, control))
    expect(ack.about == control, f"MSA-2 is {ack.about!r}, MSH-10 was {control!r}")


@ACK.asks(
    "ACK-04",
    "Sender and receiver change places",
    fix="MSH-3 and 4 of the answer are MSH-5 and 6 of the message, and the other way round.",
    source="HL7 v2.5, 2.9.2; CI-SIS, Transmission de document(s) CDA-R2 en HL7v2, acquittements",
)
def swapped(bench: Bench) -> None:
    draft, ack = good(bench)
    sent = draft.row("MSH")
    came = [ack.message.msh.field(number) for number in (3, 4, 5, 6)]
    expect(came == [sent[5], sent[6], sent[3], sent[4]], f"MSH-3 to MSH-6 of the answer: {came}")


@ACK.asks(
    "ACK-05",
    "MSH-9 is ACK, the event received, ACK",
    fix="Write ACK^R01^ACK in answer to ORU^R01^ORU_R01.",
    source="HL7 v2.5, 2.15.9.9; nextgenhealthcare/connect issue 1253",
)
def message_type(bench: Bench) -> None:
    _, ack = good(bench)
    came = ack.message.msh.field(9)
    expect(came == "ACK^R01^ACK", f"MSH-9 is {came!r}")


@ACK.asks(
    "ACK-06",
    "The answer has a control id of its own",
    fix="MSH-10 of the answer is new and not empty.",
    source="HL7 v2.5, 2.15.9.10",
)
def own_control(bench: Bench) -> None:
    (draft, first), (_, second) = good(bench), good(bench)
    expect(first.receipt, "MSH-10 of the answer is empty")
    expect(first.receipt != draft.control, "MSH-10 of the answer is that of the message")
    expect(first.receipt != second.receipt, "two answers have the same MSH-10")


def copied(bench: Bench, number: int) -> None:
    draft, ack = good(bench)
    sent, came = draft.row("MSH")[number], ack.message.msh.field(number)
    expect(came == sent, f"MSH-{number} is {came!r}, the message had {sent!r}")


@ACK.asks(
    "ACK-07",
    "MSH-11 is that of the message",
    fix="Copy the processing id.",
    source="HL7 v2.5, 2.15.9.11",
)
def processing(bench: Bench) -> None:
    copied(bench, 11)


@ACK.asks(
    "ACK-08",
    "MSH-12 is that of the message",
    fix="Answer in the version that was spoken.",
    source="HL7 v2.5, 2.15.9.12; CI-SIS volet, acquittements (same version as the message)",
)
def version(bench: Bench) -> None:
    copied(bench, 12)


@ACK.asks(
    "ACK-09",
    "MSH-18 is that of the message",
    fix="Copy the character set, and write the answer in it.",
    source="HL7 v2.5, 2.15.9.18",
)
def charset(bench: Bench) -> None:
    copied(bench, 18)


@ACK.asks(
    "ACK-10",
    "MSH-17 is that of the message",
    fix="Copy the country code.",
    source="HL7 v2.5, 2.15.9.17",
    level=Level.SHOULD,
)
def country(bench: Bench) -> None:
    copied(bench, 17)


@ACK.asks(
    "ACK-11",
    "The last segment ends with CR",
    fix="End every segment with 0x0D, the last one too.",
    source="HL7 v2.5, 2.5.4; hitgeek/simple-hl7 issue 47",
)
def last_end(bench: Bench) -> None:
    with bench.line() as line:
        line.message(results(bench.who, bench.serial.control()).raw())
        raw = line.answer()
    read_ack(raw)
    expect(raw.endswith(b"\r"), f"the answer ends with {raw[-3:]!r}")


@ACK.asks(
    "ACK-12",
    "Segments of the answer end with CR alone",
    fix="Write 0x0D, not CRLF or LF.",
    source="HL7 v2.5, 2.5.4",
)
def segment_ends(bench: Bench) -> None:
    _, ack = good(bench)
    expect(ack.message.ends == {"CR"}, f"segments end with {sorted(ack.message.ends)}")


@ACK.asks(
    "ACK-13",
    "MSA follows MSH",
    fix="Structure ACK: MSH, [SFT], MSA, [ERR].",
    source="HL7 v2.5, 2.14.1",
)
def structure(bench: Bench) -> None:
    _, ack = good(bench)
    names = [one.name for one in ack.message.segments if one.name != "SFT"]
    expect(names[:2] == ["MSH", "MSA"] and set(names[2:]) <= {"ERR"}, f"segments: {names}")


@ACK.asks(
    "ACK-14",
    "What is copied keeps its character set",
    fix="Write the answer in the character set of MSH-18: É of 8859/15 is one byte.",
    source="HL7 v2.5, 2.15.9.18; apache/camel pull request 10880",
)
def answer_charset(bench: Bench) -> None:
    draft = results(bench.who, bench.serial.control()).set("MSH", 18, "8859/15")
    draft.set("MSH", 3, "ŒUVRE").charset = "iso8859-15"
    with bench.line() as line:
        line.message(draft.raw())
        raw = line.answer()
    expect("ŒUVRE".encode("iso8859-15") in raw, "MSH-5 of the answer is not MSH-3 as it was sent")


@ACK.asks(
    "ACK-15",
    "A positive answer names no error",
    fix="ERR-4 of an AA is W or I.",
    source="HL7 v2.5, 2.15.5.4, table 0516",
)
def no_error(bench: Bench) -> None:
    _, ack = good(bench)
    expect(not any(one.severity == "E" for one in ack.faults), ack)


@ACK.asks(
    "ACK-16",
    "The time of the answer is said",
    fix="Write MSH-7, with seconds and time zone.",
    source="HL7 v2.5, 2.15.9.7",
)
def time_said(bench: Bench) -> None:
    _, ack = good(bench)
    came = ack.message.msh.field(7)
    expect(came[:12].isdigit() and len(came) >= 12, f"MSH-7 is {came!r}")

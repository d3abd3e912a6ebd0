"""Original and enhanced mode (HL7 v2.5, 2.9.2 and 2.9.3, table 0155)."""

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.hl7 import Draft, results
from conformance.reading.ack import Ack, read_ack
from conformance.requirement import Volet
from conformance.verdict import expect

MODES = Chapter(
    Volet.ACK, "HL7 v2.5, 2.9.3, table 0155; nextgenhealthcare/connect issues 262, 3007"
)
SILENT = (
    "Send nothing: a sender that asked for silence takes an answer for that of its next message."
)


def asked(bench: Bench, accept: str, application: str, *, good: bool = True) -> Draft:
    draft = results(bench.who, bench.serial.control())
    draft.set("MSH", 15, accept).set("MSH", 16, application)
    return draft if good else draft.set("PID", 3, "")


def silence(bench: Bench, draft: Draft) -> None:
    """The first answer on the connection is about the message after it."""
    after = results(bench.who, bench.serial.control())
    with bench.line() as line:
        line.message(draft.raw())
        line.message(after.raw())
        ack = read_ack(line.answer())
    expect(ack.about == after.control, f"answered {ack} to a message that asked for silence")


def answer(bench: Bench, draft: Draft, *codes: str) -> Ack:
    ack = bench.ask(draft)
    expect(ack.code in codes and ack.about == draft.control, f"{ack}; wanted {' or '.join(codes)}")
    return ack


@MODES.asks(
    "ACK-20",
    "AL / NE: a good message gets CA",
    fix="MSH-15 has a value: answer with a commit code.",
)
def commit(bench: Bench) -> None:
    answer(bench, asked(bench, "AL", "NE"), "CA")


@MODES.asks(
    "ACK-21",
    "AL / NE: a refused message gets CE or CR",
    fix="MSH-15 has a value: refuse with a commit code.",
)
def commit_refused(bench: Bench) -> None:
    answer(bench, asked(bench, "AL", "NE", good=False), "CE", "CR")


@MODES.asks("ACK-22", "ER / NE: a good message gets silence", fix=SILENT)
def error_only(bench: Bench) -> None:
    silence(bench, asked(bench, "ER", "NE"))


@MODES.asks(
    "ACK-23", "ER / NE: a refused message gets CE or CR", fix="ER asks for errors: send one."
)
def error_said(bench: Bench) -> None:
    answer(bench, asked(bench, "ER", "NE", good=False), "CE", "CR")


@MODES.asks("ACK-24", "SU / NE: a good message gets CA", fix="SU asks for successes: send CA.")
def success_said(bench: Bench) -> None:
    answer(bench, asked(bench, "SU", "NE"), "CA")


@MODES.asks("ACK-25", "SU / NE: a refused message gets silence", fix=SILENT)
def success_only(bench: Bench) -> None:
    silence(bench, asked(bench, "SU", "NE", good=False))


@MODES.asks("ACK-26", "NE / NE: a good message gets silence", fix=SILENT)
def never(bench: Bench) -> None:
    silence(bench, asked(bench, "NE", "NE"))


@MODES.asks("ACK-27", "NE / NE: a refused message gets silence", fix=SILENT)
def never_refused(bench: Bench) -> None:
    silence(bench, asked(bench, "NE", "NE", good=False))


@MODES.asks(
    "ACK-28",
    "AL / AL: CA, then AA in a message of its own",
    fix="Both fields have a value: the commit first, the application's answer when it is known.",
)
def both(bench: Bench) -> None:
    draft = asked(bench, "AL", "AL")
    with bench.line() as line:
        line.message(draft.raw())
        acks = [read_ack(line.answer()) for _ in range(2)]
    expect([one.code for one in acks] == ["CA", "AA"], " then ".join(map(str, acks)))
    expect({one.about for one in acks} == {draft.control}, "MSA-2 is not MSH-10 in both")


@MODES.asks(
    "ACK-31",
    "NE / AL: AA alone",
    fix="No commit was asked: send the application's answer only.",
)
def application_only(bench: Bench) -> None:
    draft, after = asked(bench, "NE", "AL"), asked(bench, "", "")
    with bench.line() as line:
        line.message(draft.raw())
        line.message(after.raw())
        acks = [read_ack(line.answer()) for _ in range(2)]
    found = [(one.code, one.about) for one in acks]
    expect(found == [("AA", draft.control), ("AA", after.control)], f"{found}")


@MODES.asks(
    "ACK-29",
    "Both fields empty: original mode",
    fix="Without MSH-15 and MSH-16 answer AA, AE or AR; peers exist that reject CA.",
    source="HL7 v2.5, 2.9.2",
)
def original(bench: Bench) -> None:
    answer(bench, asked(bench, "", ""), "AA")
    answer(bench, asked(bench, "", "", good=False), "AE", "AR")


@MODES.asks(
    "ACK-30",
    "An acknowledgement is never answered by one",
    fix="Do not answer messages of type ACK.",
    source="HL7 v2.5, 2.9.1",
)
def no_answer_to_an_answer(bench: Bench) -> None:
    draft = results(bench.who, bench.serial.control()).set("MSH", 9, "ACK^R01^ACK")
    for name in ("PID", "PV1", "OBR", "OBX"):
        draft.drop(name)
    silence(bench, draft.add("MSA", {1: "AA", 2: "X1"}))

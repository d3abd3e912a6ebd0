"""What a refusal says, so that the sender knows what to do (ERR 2.15.5, table 0357)."""

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.hl7 import results
from conformance.reading.ack import Ack
from conformance.reading.hl7 import UnreadableError
from conformance.requirement import Level, Volet
from conformance.verdict import NotMetError, expect
from conformance.wire.mllp import NoAnswerError

ERR = Chapter(Volet.ACK, "HL7 v2.5, 2.15.5, table 0357; CI-SIS volet, codes d'erreur")
TABLE_0357 = {"0", "100", "101", "102", "103", "104", "198", "199", "200", "201", "202", "203",
              "204", "205", "206", "207"}  # fmt: skip


def changed(bench: Bench, name: str, number: int, value: str) -> Ack:
    return bench.ask(results(bench.who, bench.serial.control()).set(name, number, value))


def no_patient(bench: Bench) -> Ack:
    ack = changed(bench, "PID", 3, "")
    expect(ack.refused, f"{ack} to a message without PID-3")
    return ack


@ERR.asks(
    "ERR-01",
    "A refusal has at least one ERR",
    fix="Write one ERR for each thing that is wrong.",
)
def an_error(bench: Bench) -> None:
    expect(no_patient(bench).faults, "no ERR")


@ERR.asks(
    "ERR-02",
    "ERR-3 is a code of HL70357",
    fix="Use the codes 100 to 207, in ERR-3.",
)
def condition(bench: Bench) -> None:
    codes = [one.condition for one in no_patient(bench).faults]
    expect(codes and set(codes) <= TABLE_0357, f"ERR-3: {codes}")


@ERR.asks(
    "ERR-03",
    "ERR-2 names the segment and field",
    fix="Write ERR-2 as SEG^number^field, for PID-3: PID^1^3.",
    source="HL7 v2.5, 2.15.5.2 (ERL)",
)
def place(bench: Bench) -> None:
    places = [one.place for one in no_patient(bench).faults]
    expect(any(one.startswith("PID^1^3") for one in places), f"ERR-2: {places}")


@ERR.asks(
    "ERR-04",
    "ERR-4 of a refusal is E",
    fix="Severity E in at least one ERR of AE or AR.",
    source="HL7 v2.5, 2.15.5.4, table 0516",
)
def severity(bench: Bench) -> None:
    ack = no_patient(bench)
    expect(any(one.severity == "E" for one in ack.faults), ack)


@ERR.asks(
    "ERR-05",
    "Texts of ERR hold no identity",
    fix="Say the place, not the value: no name, date or INS in ERR-5, 7 and 8.",
    source="CI-SIS volet, acquittements; RGPD, article 5 (minimisation)",
)
def no_identity(bench: Bench) -> None:
    ack = changed(bench, "MSH", 12, "9.9")
    expect(ack.refused, f"{ack} to HL7 version 9.9")
    text = "\r".join(row.text for row in ack.message.all("ERR")).lower()
    traits = (bench.who.ins, bench.who.family.lower(), bench.who.birth)
    expect(not any(one in text for one in traits), "ERR holds a trait of the patient")


@ERR.asks(
    "ERR-10",
    "MSH-10 empty: AE, 101, MSH-10",
    fix="Refuse a message without control id: nobody could match its answer.",
    source="HL7 v2.5, 2.15.9.10 (required)",
)
def no_control(bench: Bench) -> None:
    ack = changed(bench, "MSH", 10, "")
    expect(ack.code == "AE" and ack.says("101"), ack)
    expect(any(one.place.startswith("MSH^1^10") for one in ack.faults), ack)


@ERR.asks(
    "ERR-11",
    "PID-3 empty: 101",
    fix="Name the required field that is empty.",
    source="HL7 v2.5, 3.4.2.3 (required)",
)
def no_identifier(bench: Bench) -> None:
    ack = no_patient(bench)
    expect(ack.says("101"), ack)


@ERR.asks(
    "ERR-12",
    "A date that is none: AE, 102",
    fix="Check dates; say which field.",
)
def bad_date(bench: Bench) -> None:
    ack = changed(bench, "PID", 7, "19843112")
    expect(ack.code == "AE" and ack.says("102"), ack)


@ERR.asks(
    "ERR-13",
    "Unknown message type: AR, 200",
    fix="Reject: the sender must stop, correcting the message does not help.",
)
def unknown_type(bench: Bench) -> None:
    ack = changed(bench, "MSH", 9, "ZZZ^R01^ZZZ_R01")
    expect(ack.code == "AR" and ack.says("200"), ack)


@ERR.asks(
    "ERR-14",
    "Unknown event: AR, 201",
    fix="Reject an event that is not supported here.",
)
def unknown_event(bench: Bench) -> None:
    ack = changed(bench, "MSH", 9, "ORU^Z77^ORU_R01")
    expect(ack.code == "AR" and ack.says("201"), ack)


@ERR.asks(
    "ERR-15",
    "Unknown processing id: AR, 202",
    fix="MSH-11 is P, T or D.",
    source="HL7 v2.5, 2.15.9.11, table 0103",
)
def unknown_processing(bench: Bench) -> None:
    ack = changed(bench, "MSH", 11, "X")
    expect(ack.code == "AR" and ack.says("202"), ack)


@ERR.asks(
    "ERR-16",
    "Unknown version: AR, 203",
    fix="Reject a version that is not supported here.",
    source="HL7 v2.5, 2.15.9.12, table 0104",
)
def unknown_version(bench: Bench) -> None:
    ack = changed(bench, "MSH", 12, "9.9")
    expect(ack.code == "AR" and ack.says("203"), ack)


@ERR.asks(
    "ERR-17",
    "What is not HL7 is never acknowledged positively",
    fix="Answer AR with 100 and an empty MSA-2, or close the connection.",
)
def not_hl7(bench: Bench) -> None:
    try:
        ack = bench.ask(b"this is no message\r")
    except (NoAnswerError, UnreadableError):
        return
    expect(not ack.positive, ack)


@ERR.asks(
    "ERR-18",
    "A text under a declared UTF-8 that is none: AE, 102",
    fix="Check the bytes against MSH-18; never store '?' in a name.",
    source="HL7 v2.5, 2.15.9.18; CI-SIS volet, MSH-18",
)
def false_charset(bench: Bench) -> None:
    draft = results(bench.who, bench.serial.control())
    draft.charset = "iso8859-15"
    ack = bench.ask(draft)
    expect(ack.code == "AE" and ack.says("102"), ack)


@ERR.asks(
    "ERR-19",
    "Two patients in one message are refused",
    fix="One message, one patient: refuse a second PID.",
    source="CI-SIS volet, un message = un patient",
)
def two_patients(bench: Bench) -> None:
    draft = results(bench.who, bench.serial.control())
    ack = bench.ask(draft.add("PID", results(bench.nobody, "X").row("PID"), after="PV1"))
    expect(ack.refused, ack)


@ERR.asks(
    "DUP-01",
    "The same bytes again get the same answer",
    fix="Remember what was acknowledged: a sender repeats when an answer is lost.",
    source="HL7 v2.5, 2.9.2; nextgenhealthcare/connect issue 1314",
)
def same_again(bench: Bench) -> None:
    raw = results(bench.who, bench.serial.control()).raw()
    first, second = bench.ask(raw), bench.ask(raw)
    expect(first.positive and second.code == first.code, f"{first}, then {second}")


@ERR.asks(
    "DUP-02",
    "The same MSH-10 with other bytes: AE, 205",
    fix="Refuse, never drop in silence: it is another message under a used number.",
)
def same_number(bench: Bench) -> None:
    draft = results(bench.who, bench.serial.control())
    first = bench.ask(draft)
    second = bench.ask(draft.set("OBX", 5, "13.9"))
    right = second.code == "AE" and second.says("205")
    expect(first.positive and right, f"{first}, then {second}")


@ERR.asks(
    "DUP-03",
    "A refused number may be used again once the message is right",
    fix="Bind MSH-10 only of what was taken.",
    source="HL7 v2.5, 2.9.2",
    level=Level.SHOULD,
)
def corrected(bench: Bench) -> None:
    draft = results(bench.who, bench.serial.control())
    kept = draft.row("PID")[3]
    first = bench.ask(draft.set("PID", 3, ""))
    second = bench.ask(draft.set("PID", 3, kept))
    if first.positive:
        raise NotMetError(f"{first} to a message without PID-3")
    expect(second.positive, f"{first}, then {second}")

"""MSH-18 (HL7 v2.5, 2.15.9.18; the volet allows UNICODE UTF-8 and 8859/15)."""

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.hl7 import Draft, results
from conformance.requirement import Level, Volet
from conformance.verdict import expect

SETS = Chapter(Volet.HL7V2, "HL7 v2.5, 2.15.9.18; CI-SIS volet, MSH-18")


def written(bench: Bench, declared: str, charset: str) -> Draft:
    draft = results(bench.who, bench.serial.control()).set("MSH", 18, declared)
    draft.charset = charset
    return draft


def taken(bench: Bench, draft: Draft) -> None:
    ack = bench.ask(draft)
    expect(ack.positive and not ack.held, ack)


@SETS.asks("SET-01", "UNICODE UTF-8 is taken", fix="Read UTF-8 where MSH-18 says UNICODE UTF-8.")
def utf8(bench: Bench) -> None:
    taken(bench, written(bench, "UNICODE UTF-8", "utf-8"))


@SETS.asks("SET-02", "8859/15 is taken", fix="Read ISO 8859-15, not 8859-1: 0xBD is œ.")
def latin9(bench: Bench) -> None:
    draft = written(bench, "8859/15", "iso8859-15")
    taken(bench, draft.add("NTE", {1: "1", 3: "Œil et cœur, 12 €"}))


@SETS.asks(
    "SET-03",
    "8859/1 is taken",
    fix="Older French senders say it: read it as what it is.",
    level=Level.SHOULD,
)
def latin1(bench: Bench) -> None:
    taken(bench, written(bench, "8859/1", "iso8859-1"))


@SETS.asks(
    "SET-04",
    "Without MSH-18 valid UTF-8 is UTF-8",
    fix="Try UTF-8 first: most of the world declares nothing.",
    level=Level.SHOULD,
)
def silent_utf8(bench: Bench) -> None:
    taken(bench, written(bench, "", "utf-8"))


@SETS.asks(
    "SET-05",
    "Without MSH-18 other bytes do not break the connection",
    fix="Fall back on 8859/15 and say so; never '?', never a dropped connection.",
    source="johnpaulett/python-hl7 issue 54; ruby-hl7 issue 31",
    level=Level.SHOULD,
)
def silent_latin(bench: Bench) -> None:
    ack = bench.ask(written(bench, "", "iso8859-15"))
    expect(ack.positive, ack)


@SETS.asks(
    "SET-06",
    "The first repetition of MSH-18 decides",
    fix="MSH-18 repeats: the first set is that of the message.",
)
def repeated(bench: Bench) -> None:
    taken(bench, written(bench, "UNICODE UTF-8~8859/15", "utf-8"))


@SETS.asks(
    "SET-07",
    "An unknown set is no reason to guess in silence",
    fix="Refuse, or read and say it with a warning.",
    level=Level.SHOULD,
)
def unknown(bench: Bench) -> None:
    ack = bench.ask(written(bench, "ISO IR87", "utf-8"))
    expect(ack.refused or ack.faults, f"{ack} without a word about MSH-18")

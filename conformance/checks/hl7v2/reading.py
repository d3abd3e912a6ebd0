"""Delimiters, segments, escapes and batches (HL7 v2.5 chapter 2)."""

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.cda import paper
from conformance.made.hl7 import Draft, adt, mdm, results
from conformance.reading.ack import Ack, read_ack
from conformance.requirement import Level, Volet
from conformance.verdict import expect

READ = Chapter(Volet.HL7V2, "HL7 v2.5, 2.5.4 and 2.6")
MANY_ROWS = 2_000


def plain(bench: Bench) -> Draft:
    return results(bench.who, bench.serial.control())


def taken(bench: Bench, message: Draft | bytes) -> Ack:
    ack = bench.ask(message)
    expect(ack.positive and not ack.held, ack)
    return ack


@READ.asks(
    "HL7-01",
    "Delimiters come from MSH-1 and MSH-2 of each message",
    fix="Read the five delimiters from the header; do not assume ^~\\&.",
)
def own_delimiters(bench: Bench) -> None:
    made = paper(bench.who, bench.serial)
    draft = mdm(made, bench.serial.control())
    draft.separators = "|$*\\%"
    taken(bench, draft)


@READ.asks(
    "HL7-02",
    "MSH-2 may have a fifth character",
    fix="Version 2.7 has a truncation character: ^~\\&# is right.",
    source="HL7 v2.7, 2.5.4; public messages of the field",
    level=Level.SHOULD,
)
def truncation(bench: Bench) -> None:
    draft = plain(bench)
    draft.separators = "|^~\\&#"
    taken(bench, draft)


def ended(bench: Bench, end: str, *, last: bool = True) -> None:
    draft = plain(bench)
    draft.end, draft.last_end = end, last
    taken(bench, draft)


@READ.asks(
    "HL7-03",
    "LF ends a segment too",
    fix="Half of the files of the field have LF: take CR, LF and CRLF.",
    level=Level.SHOULD,
)
def line_feeds(bench: Bench) -> None:
    ended(bench, "\n")


@READ.asks(
    "HL7-04",
    "CRLF ends a segment too",
    fix="Take CR, LF and CRLF.",
    level=Level.SHOULD,
)
def both_ends(bench: Bench) -> None:
    ended(bench, "\r\n")


@READ.asks(
    "HL7-05",
    "The last segment may lack its CR",
    fix="The end of the frame ends the segment.",
    level=Level.SHOULD,
)
def no_last_end(bench: Bench) -> None:
    ended(bench, "\r", last=False)


@READ.asks(
    "HL7-06",
    "Segments that are not in the profile are no error",
    fix="Keep Z segments and unknown ones; do not refuse for them.",
    source="HL7 v2.5, 2.5.2 and 2.10.2; crs4/hl7apy issues 73 and 145",
)
def unknown_segments(bench: Bench) -> None:
    taken(bench, plain(bench).add("ZZ9", {1: "fictif"}).add("ZYX", {1: "1", 3: "fin"}, after="PID"))


@READ.asks(
    "HL7-07",
    "Fields beyond those of the version are no error",
    fix="Ignore what is not expected at the end of a segment.",
    source="HL7 v2.5, 2.10.2 (what a receiver ignores)",
)
def more_fields(bench: Bench) -> None:
    draft = plain(bench).set("PID", 60, "fictif").set("MSH", 40, "fictif")
    taken(bench, draft)


@READ.asks(
    "HL7-08",
    "Escapes are undone before values are compared",
    fix="Undo \\F\\ \\S\\ \\R\\ \\T\\ \\E\\ and \\Xhh\\ in the leaf: \\X44\\urand is Durand.",
    source="HL7 v2.5, 2.7",
)
def escapes(bench: Bench) -> None:
    who, draft = bench.who, plain(bench)
    escaped = f"\\X{ord(who.family[0]):02X}\\{who.family[1:]}"
    taken(bench, draft.set("PID", 5, f"{escaped}^{who.given}^{who.givens}^^^^L"))


@READ.asks(
    "HL7-09",
    "A lone backslash is kept",
    fix="An escape that is none stays as it is; it is no reason to refuse.",
    source="HL7 v2.5, 2.7.1",
    level=Level.SHOULD,
)
def lone_backslash(bench: Bench) -> None:
    draft = plain(bench).add("NTE", {1: "1", 3: "chemin c:\\rien \\ fin"})
    taken(bench, draft)


@READ.asks(
    "HL7-10",
    "A line that is no segment does not lose the message",
    fix="It continues the field before it; keep it.",
    level=Level.SHOULD,
)
def continued(bench: Bench) -> None:
    raw = plain(bench).add("NTE", {1: "1", 3: "première ligne"}).raw()
    taken(bench, raw + b"seconde ligne, sans segment\r")


@READ.asks(
    "HL7-11",
    "MSH-12 may have components",
    fix="2.5^FRA^2.11 is version 2.5 of the French profile.",
    source="IHE France, PAM national extension, MSH-12",
)
def national_version(bench: Bench) -> None:
    taken(bench, plain(bench).set("MSH", 12, "2.5^FRA^2.11"))


@READ.asks(
    "HL7-12",
    "Each message of a batch gets its result",
    fix="Split FHS/BHS to BTS/FTS; answer every message, or one batch that answers them all.",
    source="HL7 v2.5, 2.10.3",
)
def batch(bench: Bench) -> None:
    drafts = [plain(bench), plain(bench)]
    head = "FHS|^~\\&|KIT|CONFORMITE\rBHS|^~\\&|KIT|CONFORMITE\r"
    inner = b"".join(one.raw() for one in drafts)
    with bench.line() as line:
        line.message(head.encode() + inner + b"BTS|2\rFTS|1\r")
        answer = line.answer()
        while not all(one.control.encode() in answer for one in drafts):
            answer += line.answer()
    good = answer.count(b"MSA|AA|")
    expect(good == len(drafts), f"{good} of {len(drafts)} messages are answered AA")


@READ.asks(
    "HL7-13",
    f"{MANY_ROWS} result rows are one message",
    fix="Read segments in one pass; time must grow with the size, not with its square.",
)
def many_rows(bench: Bench) -> None:
    draft = plain(bench)
    row = draft.row("OBX")
    for number in range(3, MANY_ROWS):
        draft.rows.append(("OBX", row | {1: str(number), 4: str(number)}))
    taken(bench, draft)


@READ.asks(
    "HL7-14",
    "A message of results may have several OBR",
    fix="A new ORC or OBR opens a group; OBX belongs to the OBR before it.",
    source="HL7 v2.5, 7.3.1 (ORU^R01)",
)
def groups(bench: Bench) -> None:
    draft = plain(bench)
    order, row = draft.row("OBR"), draft.row("OBX")
    other = order | {1: "2", 3: f"{draft.control}-B", 4: "24326-1^Ionogramme^LN"}
    draft.add("OBR", other)
    taken(bench, draft.add("OBX", row | {3: "2951-2^Sodium^LN", 5: "140", 6: "mmol/L", 7: ""}))


@READ.asks(
    "HL7-15",
    "A French decimal comma does not refuse a result",
    fix="Keep the value as text and say so.",
    source="HL7 v2.5, 2.A.46 (NM); practice of the field",
    level=Level.SHOULD,
)
def comma(bench: Bench) -> None:
    ack = bench.ask(plain(bench).set("OBX", 5, "13,4"))
    expect(ack.positive, ack)


@READ.asks(
    "HL7-16",
    "An identity message (ADT^A31) is taken",
    fix="Take ADT of PAM.fr: identities feed the index.",
    source="IHE PAM, ITI-30; PAM.fr 2.11",
)
def identity_message(bench: Bench) -> None:
    taken(bench, adt(bench.who, bench.serial.control()))


@READ.asks(
    "HL7-17",
    "A movement may carry ZBE, ZFA and ZFD",
    fix="The segments of PAM.fr are no error.",
    source="PAM.fr 2.11, segments ZBE, ZFA, ZFD",
)
def french_segments(bench: Bench) -> None:
    draft = adt(bench.who, bench.serial.control())
    draft.add("ZFD", {3: "Y", 4: "N", 5: "INSI", 6: "20211201"})
    taken(bench, draft.set("MSH", 12, "2.5^FRA^2.11").set("MSH", 21, "2.11^IHE_FRANCE-2.11-PAM"))


@READ.asks(
    "HL7-18",
    "Answers to a batch name each message",
    fix="MSA-2 of every answer is the MSH-10 of its message, in order.",
    source="HL7 v2.5, 2.10.3 and 2.15.8.2",
)
def batch_with_a_bad_one(bench: Bench) -> None:
    bad, good = plain(bench).set("PID", 3, ""), plain(bench)
    with bench.line() as line:
        line.message(b"BHS|^~\\&|KIT|CONFORMITE\r" + bad.raw() + good.raw() + b"BTS|2\r")
        answers = line.answer()
        while not all(one.control.encode() in answers for one in (bad, good)):
            answers += line.answer()
    parts = [read_ack(b"MSH" + one) for one in answers.split(b"MSH")[1:] if b"MSA|" in one]
    found = {one.about: one.code for one in parts}
    expect(found.get(bad.control) in ("AE", "AR"), f"answers: {found}")
    expect(found.get(good.control) == "AA", f"answers: {found}")

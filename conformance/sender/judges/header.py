"""MSH, segments and character set (HL7 v2.5 chapter 2; CI-SIS volet, MSH)."""

import re
from collections.abc import Iterable

from conformance.reading.hl7 import BOM, CHARSETS
from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.subjects import Hl7

HL7 = Rules[Hl7](Volet.HL7V2, "HL7 v2.5, 2.5 and 2.6")
MSH = Rules[Hl7](Volet.HL7V2, "HL7 v2.5, 2.15.9")
NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
TIME = re.compile(r"\d{4}(\d{2}(\d{2}(\d{2}(\d{2}(\d{2}(\.\d{1,4})?)?)?)?)?)?([+-]\d{4})?")
ESCAPE = re.compile(r"\\(?:[FSRTEHN]|X(?:[0-9A-Fa-f]{2})+|\.[a-z]{2}[+-]?\d*|[CMZ][0-9A-Fa-f]*)\\")
STRUCTURES = {"ORU": {"ORU_R01"}, "MDM": {"MDM_T01", "MDM_T02"}}
VERSIONS = {"ORU": "2.5", "MDM": "2.6"}


@HL7.asks(
    "S-HL7-01",
    "Segments end with CR",
    fix="Write 0x0D after each segment: no LF, no CRLF.",
    source="HL7 v2.5, 2.5.4",
)
def ends(one: Hl7) -> Iterable[Fault]:
    if one.message.ends - {"CR"}:
        yield Fault("message", f"segments end with {' and '.join(sorted(one.message.ends))}", 100)


@HL7.asks(
    "S-HL7-02",
    "The last segment ends with CR too",
    fix="Write 0x0D after the last segment.",
    source="HL7 v2.5, 2.5.4",
)
def last_end(one: Hl7) -> Iterable[Fault]:
    if not one.message.raw.endswith((b"\r", b"\n")):
        yield Fault("message", "the last segment has no end", 100)


@HL7.asks(
    "S-HL7-03",
    "Every line is a segment",
    fix="Escape line breaks in values: \\.br\\ in FT, or a repetition.",
    source="HL7 v2.5, 2.5.2 and 2.7",
)
def lines(one: Hl7) -> Iterable[Fault]:
    bar = one.message.separators[0]
    for row in one.message.segments:
        if not NAME.fullmatch(row.name) or row.text[3:4] not in ("", bar):
            yield Fault(f"line {row.place}", "no segment begins here", 100)


@HL7.asks(
    "S-HL7-04",
    "The delimiters are |^~\\&",
    fix="Use the recommended ones.",
    level=Level.SHOULD,
    source="HL7 v2.5, 2.5.4",
)
def delimiters(one: Hl7) -> Iterable[Fault]:
    if one.message.separators[:5] != "|^~\\&":
        yield Fault("MSH-2", f"{one.message.separators!r}")


@HL7.asks(
    "S-HL7-05",
    "No byte order mark stands before MSH",
    fix="Write no EF BB BF.",
    source="HL7 v2.5, 2.15.9.18",
)
def mark(one: Hl7) -> Iterable[Fault]:
    if one.message.raw.startswith(BOM):
        yield Fault("message", "EF BB BF before MSH", 100)


@HL7.asks(
    "S-HL7-06",
    "Escapes are written whole",
    fix="Write a backslash of the text as \\E\\.",
    level=Level.SHOULD,
    source="HL7 v2.5, 2.7",
)
def escapes(one: Hl7) -> Iterable[Fault]:
    if one.message.separators[3:4] != "\\":
        return
    for row in one.message.segments:
        values = row.fields[3:] if row.name == "MSH" else row.fields[1:]
        if any("\\" in ESCAPE.sub("", value) for value in values if "\\" in value):
            yield Fault(row.name, "a backslash that begins no escape")


@MSH.asks(
    "S-MSH-18",
    "MSH-18 is UNICODE UTF-8 or 8859/15",
    fix="Declare one of the two sets of the volet.",
    source="CI-SIS volet, MSH-18; HL7 v2.5, 2.15.9.18, table 0211",
)
def charset(one: Hl7) -> Iterable[Fault]:
    declared = (one.message.msh.repetitions(18) or [""])[0]
    if declared not in ("UNICODE UTF-8", "8859/15"):
        yield wrong("MSH-18", declared, "UNICODE UTF-8 or 8859/15", 103)


@MSH.asks(
    "S-MSH-18b",
    "The bytes are what MSH-18 says",
    fix="Write the message in the set that MSH-18 declares.",
    source="HL7 v2.5, 2.15.9.18",
)
def true_charset(one: Hl7) -> Iterable[Fault]:
    if one.message.charset_error:
        yield Fault("MSH-18", f"bytes that are not {one.message.charset}")


@MSH.asks(
    "S-MSH-18c",
    "8859/15 is not UTF-8 under another name",
    fix="Two bytes an accent: declare UNICODE UTF-8.",
    level=Level.SHOULD,
    source="HL7 v2.5, 2.15.9.18",
)
def mojibake(one: Hl7) -> Iterable[Fault]:
    declared = (one.message.msh.repetitions(18) or [""])[0]
    raw = one.message.raw
    if CHARSETS.get(declared, "").startswith("iso") and not raw.isascii():
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            return
        yield Fault("MSH-18", f"{declared} declared, and every accent is written in UTF-8")


@MSH.asks(
    "S-MSH-03",
    "Sender and receiver are named",
    fix="Fill MSH-3, 4, 5 and 6.",
    source="CI-SIS volet, MSH-3 to MSH-6",
)
def names(one: Hl7) -> Iterable[Fault]:
    for number in (3, 4, 5, 6):
        if not one.message.get("MSH", number):
            yield wrong(f"MSH-{number}", "", "a name")


@MSH.asks(
    "S-MSH-07",
    "MSH-7 is a time with seconds and zone",
    fix="Write YYYYMMDDHHMMSS+ZZZZ.",
    source="CI-SIS volet, MSH-7; HL7 v2.5, 2.15.9.7",
)
def time(one: Hl7) -> Iterable[Fault]:
    value = one.message.get("MSH", 7)
    if not TIME.fullmatch(value) or len(value) < 14:
        yield wrong("MSH-7", value, "YYYYMMDDHHMMSS+ZZZZ")


@MSH.asks(
    "S-MSH-09",
    "MSH-9 has three components",
    fix="Write type, event and structure: ORU^R01^ORU_R01.",
    source="HL7 v2.5, 2.15.9.9",
)
def message_type(one: Hl7) -> Iterable[Fault]:
    kind, structure = one.kind, one.message.get("MSH", 9, 3)
    if not kind or not one.event or not structure:
        yield wrong("MSH-9", one.message.msh.field(9), "type^event^structure", 200)
    elif structure not in STRUCTURES.get(kind, {structure}):
        yield wrong("MSH-9.3", structure, " or ".join(sorted(STRUCTURES[kind])), 200)


@MSH.asks(
    "S-MSH-10",
    "MSH-10 is there, of at most 20 characters",
    fix="Give each message its own number.",
    source="HL7 v2.5, 2.15.9.10",
)
def control(one: Hl7) -> Iterable[Fault]:
    value = one.message.control
    if not value or (len(value) > 20 and one.message.get("MSH", 12).startswith("2.5")):
        yield wrong("MSH-10", value, "1 to 20 characters")


@MSH.asks(
    "S-MSH-10b",
    "MSH-10 is used once",
    fix="A new message has a new number; only a repetition keeps it, byte for byte.",
    source="HL7 v2.5, 2.15.9.10; table 0357, 205",
)
def once(one: Hl7) -> Iterable[Fault]:
    if one.again == "other":
        yield Fault("MSH-10", "used before with other bytes", 205)


@MSH.asks(
    "S-MSH-11",
    "MSH-11 is P, T or D",
    fix="P in production, T in tests.",
    source="HL7 v2.5, 2.15.9.11, table 0103",
)
def processing(one: Hl7) -> Iterable[Fault]:
    value = one.message.get("MSH", 11)
    if value not in ("P", "T", "D"):
        yield wrong("MSH-11", value, "P, T or D", 202)


@MSH.asks(
    "S-MSH-12",
    "ORU is of version 2.5, MDM of 2.6",
    fix="Write the version of the profile.",
    source="CI-SIS volet, MSH-12",
    applies=lambda one: one.kind in VERSIONS and one.carries,
)
def version(one: Hl7) -> Iterable[Fault]:
    value, wanted = one.message.get("MSH", 12), VERSIONS[one.kind]
    if not (value == wanted or value.startswith(f"{wanted}.")):
        yield wrong("MSH-12", value, wanted, 203)


@MSH.asks(
    "S-MSH-15",
    "MSH-15 and MSH-16 are empty or of table 0155",
    fix="Leave both empty (IHE: original mode), or AL, NE, ER, SU.",
    source="HL7 v2.5, 2.15.9.15, table 0155; IHE ITI TF-2, appendix C",
)
def modes(one: Hl7) -> Iterable[Fault]:
    for number in (15, 16):
        value = one.message.get("MSH", number)
        if value not in ("", "AL", "NE", "ER", "SU"):
            yield wrong(f"MSH-{number}", value, "AL, NE, ER, SU or nothing", 103)


@MSH.asks(
    "S-MSH-17",
    "MSH-17 is FRA",
    fix="Write the country code FRA.",
    level=Level.SHOULD,
    source="CI-SIS volet, MSH-17",
)
def country(one: Hl7) -> Iterable[Fault]:
    value = one.message.get("MSH", 17)
    if value != "FRA":
        yield wrong("MSH-17", value, "FRA", 103)


@MSH.asks(
    "S-MSH-21",
    "MSH-21 names the volet",
    fix="Write 2.1^CISIS_CDA_HL7_V2.",
    source="CI-SIS volet, MSH-21",
    applies=lambda one: one.carries,
)
def profile(one: Hl7) -> Iterable[Fault]:
    names = [one.message.msh.part(21, 2, of=row) for row in one.message.msh.repetitions(21)]
    if not any(name.startswith("CISIS_CDA_HL7") for name in names):
        yield wrong("MSH-21", one.message.msh.field(21), "2.1^CISIS_CDA_HL7_V2")

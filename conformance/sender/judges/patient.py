"""PID: the INS and the traits that make it a qualified identity (Référentiel INS; RNIV)."""

import re
from collections.abc import Iterable
from datetime import date

from conformance.made.person import INS_OIDS, ins_key
from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.subjects import Hl7

MATRICULE = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}")
PLACE = re.compile(r"[0-9][0-9AB][0-9]{3}")


def has_pid(one: Hl7) -> bool:
    return one.message.first("PID") is not None


def has_ins(one: Hl7) -> bool:
    return bool(one.ins_ids)


def read_day(value: str) -> date | None:
    """YYYYMMDD that exists, with or without a time behind it."""
    try:
        return (
            date(int(value[:4]), int(value[4:6]), int(value[6:8])) if value[:8].isdigit() else None
        )
    except ValueError:
        return None


ONE = Rules[Hl7](Volet.IDENTITY, "CI-SIS volet, un message = un patient")
PID = Rules[Hl7](Volet.IDENTITY, "Référentiel INS; CI-SIS volet, PID", has_pid)
INS = Rules[Hl7](Volet.IDENTITY, "Référentiel INS; CI-SIS volet, PID-3", has_ins)


@ONE.asks("S-PID-01", "A message has one PID", fix="One message, one patient: exactly one PID.")
def one_patient(one: Hl7) -> Iterable[Fault]:
    count = len(one.message.all("PID"))
    if count != 1 and one.kind in ("ORU", "MDM", "ADT"):
        yield Fault("PID", f"{count} PID segments", 100)


@PID.asks("S-PID-03", "PID-3 holds an INS", fix="Add matricule^^^ASIP-SANTE-INS-NIR&OID&ISO^INS.")
def an_ins(one: Hl7) -> Iterable[Fault]:
    if not one.ins_ids:
        yield Fault("PID-3", "no repetition is an INS", 101, 903)
    if len(one.ins_ids) > 1:
        yield Fault("PID-3", f"{len(one.ins_ids)} INS for one patient", 198)


@INS.asks(
    "S-PID-03b",
    "The matricule has 15 characters",
    fix="Write the 13 characters and the key, 2A and 2B as they are.",
)
def matricule(one: Hl7) -> Iterable[Fault]:
    if not MATRICULE.fullmatch(one.ins):
        yield Fault("PID-3.1", f"{len(one.ins)} characters that are no matricule")


@INS.asks(
    "S-PID-03c",
    "The key of the matricule is right",
    fix="97 - (number mod 97); 2A counts as 19, 2B as 18.",
    source="INSEE, clé du NIR",
)
def key(one: Hl7) -> Iterable[Fault]:
    if MATRICULE.fullmatch(one.ins) and ins_key(one.ins[:13]) != one.ins[13:]:
        yield Fault("PID-3.1", "the two last digits are not its key")


@INS.asks(
    "S-PID-03d",
    "The OID is that of an INS",
    fix=".8 NIR, .9 NIA, .10 tests; .2 and .6 (INS-C) are obsolete.",
)
def oid(one: Hl7) -> Iterable[Fault]:
    pid = one.message.all("PID")[0]
    for row in one.ins_ids:
        value = pid.part(3, 4, 2, of=row)
        if value not in INS_OIDS:
            yield wrong("PID-3.4.2", value, "1.2.250.1.213.1.4.8, .9, .10 or .11", 103)


@INS.asks(
    "S-PID-03e",
    "The identifier is of type INS",
    fix="PID-3.5 is INS, PID-3.4.3 is ISO.",
    source="CI-SIS volet, PID-3 (CX.5)",
)
def kind(one: Hl7) -> Iterable[Fault]:
    pid = one.message.all("PID")[0]
    for row in one.ins_ids:
        if pid.part(3, 5, of=row) != "INS":
            yield wrong("PID-3.5", pid.part(3, 5, of=row), "INS", 103)
        if pid.part(3, 4, 3, of=row) != "ISO":
            yield wrong("PID-3.4.3", pid.part(3, 4, 3, of=row), "ISO", 103)


@PID.asks(
    "S-PID-05",
    "PID-5 has the birth name, of type L",
    fix="Write FAMILY^first given^all given^^^^L.",
    source="CI-SIS volet, PID-5; RNIV",
)
def birth_name(one: Hl7) -> Iterable[Fault]:
    pid = one.message.all("PID")[0]
    rows = [row for row in pid.repetitions(5) if pid.part(5, 7, of=row) == "L"]
    if not rows:
        yield Fault("PID-5", "no repetition of type L", 101, 905)
    for row in rows:
        for component, word in ((1, "birth name"), (2, "first given name"), (3, "all given names")):
            if not pid.part(5, component, of=row):
                yield Fault(f"PID-5.{component}", f"no {word}", 101, 905)


@PID.asks(
    "S-PID-07",
    "PID-7 is the birth date",
    fix="Write YYYYMMDD of a day that exists.",
    source="HL7 v2.5, 3.4.2.7; RNIV",
)
def birth(one: Hl7) -> Iterable[Fault]:
    value = one.message.get("PID", 7)
    if read_day(value) is None:
        yield Fault("PID-7", "no day that exists" if value else "empty", 102 if value else 101, 905)


@PID.asks(
    "S-PID-08",
    "PID-8 is M or F",
    fix="Write M or F (U only without an INS).",
    source="HL7 table 0001; RNIV",
)
def sex(one: Hl7) -> Iterable[Fault]:
    value = one.message.get("PID", 8)
    if value not in ("M", "F"):
        yield wrong("PID-8", value, "M or F", 103)


@PID.asks(
    "S-PID-11",
    "PID-11 has the birth place, of type BDL",
    fix="Write ^^^^^^BDL^^INSEE code: 5 characters, 99999 unknown.",
    source="CI-SIS volet, PID-11; RNIV",
)
def place(one: Hl7) -> Iterable[Fault]:
    pid = one.message.all("PID")[0]
    codes = [
        pid.part(11, 9, of=row) for row in pid.repetitions(11) if pid.part(11, 7, of=row) == "BDL"
    ]
    if not codes:
        yield Fault("PID-11", "no repetition of type BDL", 101, 905)
    elif not PLACE.fullmatch(codes[0]):
        yield wrong("PID-11.9", codes[0], "an INSEE code of 5 characters", 103)


@INS.asks(
    "S-PID-32",
    "PID-32 is VALI",
    fix="Only a validated identity bears an INS to the DMP.",
    source="HL7 table 0445; CI-SIS volet, PID-32",
)
def status(one: Hl7) -> Iterable[Fault]:
    pid = one.message.all("PID")[0]
    if "VALI" not in pid.repetitions(32):
        yield wrong("PID-32", pid.field(32), "VALI", 103)


@INS.asks(
    "S-PID-03f",
    "The matricule agrees with sex and birth date",
    fix="Look at the identity again: a matricule says sex, year and month.",
    source="INSEE, composition du NIR",
    level=Level.SHOULD,
)
def agrees(one: Hl7) -> Iterable[Fault]:
    if not MATRICULE.fullmatch(one.ins):
        return
    wanted = {"M": "1378", "F": "2489"}.get(one.message.get("PID", 8), "")
    if wanted and one.ins[0] not in wanted:
        yield Fault("PID-3.1", "its first digit is that of the other sex")
    day = read_day(one.message.get("PID", 7))
    if day is not None and one.ins[1:3] != f"{day.year % 100:02d}":
        yield Fault("PID-3.1", "its year is not that of PID-7")

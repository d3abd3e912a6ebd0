"""Result rows of an ORU (HL7 v2.5 chapter 7; French circuit of biology)."""

import re
from collections.abc import Iterable

from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.judges.patient import read_day
from conformance.sender.subjects import Hl7

ROWS = Rules[Hl7](
    Volet.HL7V2, "HL7 v2.5, 7.4.2 (OBX)", lambda one: one.kind == "ORU" and bool(one.results)
)
TYPES = {"NM", "SN", "ST", "TX", "FT", "CE", "CWE", "CNE", "DT", "TM", "TS", "DTM", "ID", "IS"}
STATUSES = {"C", "D", "F", "I", "N", "O", "P", "R", "S", "U", "W", "X"}
FLAGS = {
    "",
    "L",
    "H",
    "LL",
    "HH",
    "<",
    ">",
    "N",
    "A",
    "AA",
    "U",
    "D",
    "B",
    "W",
    "S",
    "R",
    "I",
    "MS",
    "VS",
}
NUMBER = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")
LOINC = re.compile(r"\d{1,7}-\d")


@ROWS.asks(
    "S-OBX-02", "OBX-2 is a type of table 0125", fix="NM for a number, CE or CWE for a code."
)
def value_type(one: Hl7) -> Iterable[Fault]:
    for row in one.results:
        if row.part(2) not in TYPES and (row.field(5) or row.part(2)):
            yield wrong(f"OBX[{row.part(1)}]-2", row.part(2), "a type of table 0125", 103)


@ROWS.asks(
    "S-OBX-03",
    "OBX-3 is coded in LOINC",
    fix="Write code^label^LN, with the local code behind it.",
    source="CI-SIS, jeu de valeurs LOINC circuit de la biologie",
    level=Level.SHOULD,
)
def coded(one: Hl7) -> Iterable[Fault]:
    for row in one.results:
        pairs = {(row.part(3), row.part(3, 3)), (row.part(3, 4), row.part(3, 6))}
        if not any(LOINC.fullmatch(code) and system == "LN" for code, system in pairs):
            yield wrong(f"OBX[{row.part(1)}]-3", row.part(3), "a LOINC code of system LN", 103)


@ROWS.asks(
    "S-OBX-05", "A value NM is a number with a point", fix='13.4, not 13,4; "<5" is SN: <^5.'
)
def number(one: Hl7) -> Iterable[Fault]:
    for row in one.results:
        if row.part(2) == "NM" and row.part(5) and not NUMBER.fullmatch(row.part(5)):
            yield wrong(f"OBX[{row.part(1)}]-5", row.part(5), "a number with a decimal point")


@ROWS.asks(
    "S-OBX-06",
    "A number has its unit",
    fix="Write the UCUM unit in OBX-6 (1 for none).",
    source="HL7 v2.5, 7.4.2.6; CI-SIS, UCUM",
    level=Level.SHOULD,
)
def unit(one: Hl7) -> Iterable[Fault]:
    for row in one.results:
        if row.part(2) == "NM" and row.part(5) and not row.part(6):
            yield wrong(f"OBX[{row.part(1)}]-6", "", "a unit")


@ROWS.asks(
    "S-OBX-08",
    "OBX-8 is of table 0078",
    fix="N, L, H, LL, HH, A …",
    level=Level.SHOULD,
)
def interpretation(one: Hl7) -> Iterable[Fault]:
    for row in one.results:
        for value in row.repetitions(8) or [""]:
            if value not in FLAGS:
                yield wrong(f"OBX[{row.part(1)}]-8", value, "a flag of table 0078", 103)


@ROWS.asks("S-OBX-11", "OBX-11 is of table 0085", fix="P, F, C, D or X.")
def status(one: Hl7) -> Iterable[Fault]:
    for row in one.results:
        if row.part(11) not in STATUSES:
            yield wrong(f"OBX[{row.part(1)}]-11", row.part(11), "a status of table 0085", 103)


@ROWS.asks("S-OBX-14", "OBX-14 is a time", fix="Write YYYYMMDD[HHMM].", level=Level.SHOULD)
def when(one: Hl7) -> Iterable[Fault]:
    for row in one.results:
        if row.part(14) and read_day(row.part(14)) is None:
            yield wrong(f"OBX[{row.part(1)}]-14", row.part(14), "YYYYMMDD[HHMM]")


@ROWS.asks(
    "S-OBR-03",
    "Each group has its order number",
    fix="Fill OBR-2 or OBR-3.",
    source="HL7 v2.5, 7.4.1.3",
)
def order_number(one: Hl7) -> Iterable[Fault]:
    for row in one.message.all("OBR"):
        if not row.part(2) and not row.part(3):
            yield wrong(f"OBR[{row.part(1)}]-3", "", "a filler order number")

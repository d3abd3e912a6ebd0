"""Flags MetaDMPMSS, PRT and mail bodies of a message (CI-SIS volet, règles de routage)."""

import re
from collections.abc import Iterable

from conformance.made.hl7 import FLAGS
from conformance.made.person import INS_OIDS
from conformance.reading.hl7 import Segment
from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.subjects import Hl7

VOLET = "CI-SIS, Transmission de document(s) CDA-R2 en HL7v2 2.1"
FLAG = Rules[Hl7](Volet.CDA_HL7V2, f"{VOLET}, OBX MetaDMPMSS", lambda one: one.carries)
ROUTE = Rules[Hl7](Volet.CDA_HL7V2, f"{VOLET}, règles de routage", lambda one: bool(one.flags))
MATRIX = (("N", "N", "N", "*", "*", "Y", "Y"), ("N", "Y", "N", "*", "*", "Y", "N"),
          ("*", "N", "*", "N", "N", "N", "Y"))  # fmt: skip
MATRIX_FLAGS = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REP_LEGAUX", "CONNEXION_SECRETE",
                "DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT")  # fmt: skip
REQUIRED = FLAGS[:8]
PROFESSIONAL = re.compile(r"8?[0-9]{11}|[0-9]/?.{1,60}")
PATIENTS = "@patient.mssante.fr"


def participations(one: Hl7, role: str) -> list[Segment]:
    return [row for row in one.message.all("PRT") if row.part(4) == role]


def address(row: Segment) -> str:
    """XTN.4 of whichever field holds X.400: samples miscount the bars."""
    for number in range(5, len(row.fields)):
        if "X.400" in row.field(number):
            parts = row.field(number).split(row.separators[1])
            at = parts.index("X.400") if "X.400" in parts else len(parts)
            return parts[at + 1] if at + 1 < len(parts) else ""
    return row.part(15, 4)


@FLAG.asks(
    "S-FLAG-01",
    "The eight orders are all there",
    fix="Send each flag, N where it is not wanted: silence is no answer.",
)
def all_there(one: Hl7) -> Iterable[Fault]:
    for name in REQUIRED:
        if name not in one.flags:
            yield Fault("OBX", f"{name} missing", 101)


@FLAG.asks(
    "S-FLAG-02",
    "ACK_RECEPTION and ACK_LECTURE_MSS are there in 2.1",
    fix="Say whether you want business acknowledgements.",
    level=Level.SHOULD,
)
def acknowledgements(one: Hl7) -> Iterable[Fault]:
    for name in FLAGS[8:]:
        if name not in one.flags:
            yield Fault("OBX", f"{name} missing", 101)


def rows(one: Hl7) -> list[tuple[str, Segment]]:
    return [(name, row) for name, found in one.flags.items() for row in found]


@ROUTE.asks("S-FLAG-03", "A flag is Y or N", fix="Write Y^^expandedYes-NoIndicator, or N.")
def yes_or_no(one: Hl7) -> Iterable[Fault]:
    for name, row in rows(one):
        if row.part(5) not in ("Y", "N"):
            yield wrong(f"OBX[{row.part(1)}]-5 {name}", row.part(5), "Y or N", 103)


@ROUTE.asks("S-FLAG-04", "A flag stands once", fix="Send each order once.")
def once(one: Hl7) -> Iterable[Fault]:
    for name, found in one.flags.items():
        if len(found) > 1:
            yield Fault("OBX", f"{name} stands {len(found)} times", 198)


@ROUTE.asks(
    "S-FLAG-05",
    "Flags are CE in ORU, CWE in MDM, of system MetaDMPMSS, status F",
    fix="Fill OBX-2, OBX-3.3 and OBX-11 as the profile says.",
    level=Level.SHOULD,
)
def written(one: Hl7) -> Iterable[Fault]:
    kind = "CE" if one.kind == "ORU" else "CWE"
    for name, row in rows(one):
        for number, component, wanted in ((2, 1, kind), (3, 3, "MetaDMPMSS"), (11, 1, "F")):
            if row.part(number, component) != wanted:
                place = f"OBX[{row.part(1)}]-{number} {name}"
                yield wrong(place, row.part(number, component), wanted, 103)


@ROUTE.asks(
    "S-FLAG-06",
    "Flags come in the order of the profile",
    fix="Keep the order of the table.",
    level=Level.SHOULD,
)
def in_order(one: Hl7) -> Iterable[Fault]:
    names = list(one.flags)
    if names != [name for name in FLAGS if name in one.flags]:
        yield Fault("OBX", "the flags are in another order")


@ROUTE.asks(
    "S-FLAG-07",
    "What is hidden from somebody is not mailed to them",
    fix="MASQUE_PS with DESTMSSANTEPS N; INVISIBLE_PATIENT with DESTMSSANTEPAT N.",
)
def contradiction(one: Hl7) -> Iterable[Fault]:
    for hidden, mailed in (("MASQUE_PS", "DESTMSSANTEPS"), ("INVISIBLE_PATIENT", "DESTMSSANTEPAT")):
        if one.flag(hidden) == one.flag(mailed) == "Y":
            yield Fault("OBX-5", f"{hidden} and {mailed} are both Y", 199)


@ROUTE.asks(
    "S-FLAG-08",
    "The flags are a combination of the published matrix",
    fix="Look the combination up in the guide; its own examples leave the matrix too.",
    level=Level.SHOULD,
    applies=lambda one: "Y" in (one.flag("DESTMSSANTEPS"), one.flag("DESTMSSANTEPAT")),
)
def matrix(one: Hl7) -> Iterable[Fault]:
    values = [one.flag(name) or "N" for name in MATRIX_FLAGS]
    fits = (all(want in ("*", value) for want, value in zip(row, values, strict=True))
            for row in MATRIX)  # fmt: skip
    if not any(fits):
        yield Fault("OBX-5", "/".join(values) + " is not in the matrix", 199)


@ROUTE.asks(
    "S-PRT-01",
    "The sender (SB) is named for the DMP",
    fix="One PRT with PRT-4 SB: the person in PRT-5, the structure in PRT-8.",
    source=f"{VOLET}, PRT (SB)",
    applies=lambda one: one.flag("DESTDMP") == "Y",
)
def sender(one: Hl7) -> Iterable[Fault]:
    found = participations(one, "SB")
    if len(found) != 1:
        yield Fault("PRT", f"{len(found)} of role SB", 101)
    for row in found:
        if not PROFESSIONAL.fullmatch(row.part(5)) and not row.part(10):
            yield wrong("PRT-5.1", row.part(5), "RPPS of the person, or PRT-10 of the device")
        if not row.part(8, 10):
            yield wrong("PRT-8.10", "", "FINESS or SIRET of the structure")


@ROUTE.asks(
    "S-PRT-02",
    "A mail has a recipient (RCT)",
    fix="One PRT with PRT-4 RCT for each mailbox, its address in PRT-15.4.",
    source=f"{VOLET}, PRT (RCT)",
    applies=lambda one: "Y" in (one.flag("DESTMSSANTEPS"), one.flag("DESTMSSANTEPAT")),
)
def recipients(one: Hl7) -> Iterable[Fault]:
    boxes = [address(row) for row in participations(one, "RCT")]
    patient = [box for box in boxes if box.endswith(PATIENTS)]
    if one.flag("DESTMSSANTEPAT") == "Y" and not patient:
        yield Fault("PRT-15", "DESTMSSANTEPAT Y, and no mailbox of the patient", 101)
    if one.flag("DESTMSSANTEPS") == "Y" and len(boxes) == len(patient):
        yield Fault("PRT-15", "DESTMSSANTEPS Y, and no mailbox of a professional", 101)


@ROUTE.asks(
    "S-PRT-03",
    "An address stands in PRT-15, as ^^X.400^address",
    fix="Count the bars: PRT-15.3 is X.400, PRT-15.4 the address.",
    source=f"{VOLET}, PRT-15 (XTN)",
    applies=lambda one: bool(participations(one, "RCT") + participations(one, "REPLY")),
)
def addresses(one: Hl7) -> Iterable[Fault]:
    for row in participations(one, "RCT") + participations(one, "REPLY"):
        if row.part(15, 3) != "X.400" or "@" not in row.part(15, 4):
            yield Fault(f"PRT line {row.place}", "no ^^X.400^address in PRT-15")


@ROUTE.asks(
    "S-PRT-04",
    "The patient's mailbox is the INS of PID-3",
    fix="Local part: the 15 characters of the matricule, key included.",
    source="Référentiel socle MSSanté #2, ECO.2.2.6; volet, PRT-15",
    applies=lambda one: any(address(row).endswith(PATIENTS) for row in one.message.all("PRT")),
)
def mailbox(one: Hl7) -> Iterable[Fault]:
    for row in one.message.all("PRT"):
        box = address(row)
        if box.endswith(PATIENTS) and box.removesuffix(PATIENTS) != one.ins:
            yield Fault(f"PRT line {row.place}", "a patient's mailbox that is not PID-3", 199)


@ROUTE.asks(
    "S-PRT-05",
    "PRT-2 is UC",
    fix="Write the action code UC.",
    source=f"{VOLET}, PRT-2",
    level=Level.SHOULD,
    applies=lambda one: one.message.first("PRT") is not None,
)
def action(one: Hl7) -> Iterable[Fault]:
    for row in one.message.all("PRT"):
        if row.part(2) != "UC":
            yield wrong(f"PRT line {row.place}, PRT-2", row.part(2), "UC", 103)


@ROUTE.asks(
    "S-PRT-06",
    "A patient recipient in PRT-5 bears the OID of the INS",
    fix="PRT-5.9.2 is the OID of the INS when the recipient is the patient.",
    source=f"{VOLET}, PRT-5",
    level=Level.SHOULD,
    applies=lambda one: any(
        address(row).endswith(PATIENTS) and row.part(5) for row in participations(one, "RCT")
    ),
)
def patient_oid(one: Hl7) -> Iterable[Fault]:
    for row in participations(one, "RCT"):
        found = {row.part(5, 9), row.part(5, 9, 2)} & INS_OIDS
        if address(row).endswith(PATIENTS) and row.part(5) and not found:
            yield wrong(f"PRT line {row.place}, PRT-5.9", row.part(5, 9), "the OID of the INS")


@ROUTE.asks(
    "S-BODY-01",
    "A mail body is base64 of UTF-8 text",
    fix="Encode the whole text: the agency's examples lack their last characters.",
    source=f"{VOLET}, CORPSMAIL",
    applies=lambda one: bool(one.bodies),
)
def bodies(one: Hl7) -> Iterable[Fault]:
    for body in one.bodies:
        if body.problem:
            yield Fault(f"{body.place}-5.5", body.problem)
            continue
        try:
            body.document.raw.decode("utf-8")
        except UnicodeDecodeError:
            yield Fault(f"{body.place}-5.5", "text that is not UTF-8")
